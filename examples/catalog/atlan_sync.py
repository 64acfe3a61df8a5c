"""Writes into Atlan which teams reach each datastore.

    LATCHKEY_URL=… LATCHKEY_USER=catalog@service LATCHKEY_TOKEN=… ATLAN_BASE_URL=… ATLAN_API_KEY=… python atlan_sync.py

A datastore's external id in Latchkey is the qualified name of the database in Atlan.
"""

from pyatlan.client.atlan import AtlanClient
from pyatlan.model.assets import Database

from datastores import datastores_with_access


def main():
    client = AtlanClient()
    for datastore, sentence in datastores_with_access():
        asset = Database.updater(qualified_name=datastore["external_id"], name=datastore["name"])
        asset.user_description = sentence
        client.asset.save(asset)
        print(f"{datastore['name']}: {sentence}")


if __name__ == "__main__":
    main()

"""Reads a pipeline with Azure's own models (azure-mgmt-datafactory); a member that they do not know is a mistake."""

import json
import sys

from azure.mgmt.datafactory import models


def read(model, value):
    made = model(value)
    unknown = set(value) - {field._rest_name for field in model._attr_to_rest_field.values()}
    assert not unknown, (model.__name__, unknown)
    return made


def main(path):
    with open(path) as file:
        pipeline = json.load(file)
    for each in read(models.PipelineResource, {"properties": pipeline["properties"]}).properties.activities:
        raw = dict(each)
        read(models.WebActivity, raw)
        read(models.ActivityPolicy, raw["policy"])
        asked = read(models.WebActivityTypeProperties, raw["typeProperties"])
        for dependency in raw.get("dependsOn", []):
            read(models.ActivityDependency, dependency)
        print(raw["name"], raw["type"], models.WebActivityMethod(asked.method).value)


if __name__ == "__main__":
    main(sys.argv[1])

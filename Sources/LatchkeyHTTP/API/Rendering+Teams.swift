import LatchkeyAPI
import LatchkeyCore

extension Rendering {
    func team(_ summary: TeamSummary) -> TeamBody {
        let team = summary.team
        return TeamBody(
            id: team.id.value, name: team.name, description: team.description, permission: team.permission.rawValue,
            isPublic: team.isPublic, userIDs: summary.users.map(\.value), resourceIDs: summary.resources.map(\.value),
            created: team.createdAt.text, createdBy: summary.createdBy.map(stub))
    }

    func stub(_ team: Team) -> TeamStub {
        TeamStub(id: team.id.value, name: team.name, permission: team.permission.rawValue)
    }

    func resource(_ resource: Resource) -> ResourceBody {
        ResourceBody(
            id: resource.id.value, kind: resource.kind, name: resource.name, externalID: resource.externalID,
            description: resource.description, created: resource.createdAt.text)
    }
}

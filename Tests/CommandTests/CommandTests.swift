import Foundation
import Testing

@Suite("The commands", .serialized)
struct CommandTests {
    @Test("answer as their scripts say", arguments: try Script.all())
    func play(script: Script) throws {
        let session = try Session()
        for step in script.steps {
            switch step {
            case .serve(let arguments, let line):
                #expect(throws: Never.self, "\(script.name):\(line): the server starts") {
                    try session.serve(arguments)
                }
            case .stop:
                #expect(session.stop() == 0, "\(script.name): a server that is asked to stop exits with 0")
            case .run(let command):
                let result = try session.run(command.text)
                let place = "\(script.name):\(command.line): \(command.text)"
                #expect(Expectation.matches(result.output, command.output), "\(place)\nsaid:\n\(result.output)")
                #expect(Expectation.matches(result.errors, command.errors), "\(place)\ncomplained:\n\(result.errors)")
                #expect(result.status == command.status, "\(place)\nended with \(result.status): \(result.errors)")
            }
        }
        #expect(session.stop() == 0, "\(script.name): the server stops when asked to")
    }

    @Test("are tested at all")
    func scriptsExist() throws {
        #expect(try Script.all().count >= 8)
    }
}

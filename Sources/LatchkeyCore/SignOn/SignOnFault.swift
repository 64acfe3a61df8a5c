/// Why signing in through an identity provider did not work, in words for the person, the Admin and the log.
///
/// Nothing that was sent stands in it, except for names that are checked here first.
public enum SignOnFault: Error, Hashable, Sendable {
    /// The browser came back without what it was sent away with, or with another's, or too late.
    case strayReturn
    /// The provider itself refused, by the word that it gave (RFC 6749 §4.1.2.1).
    case refusedByProvider(String)
    case unfetched(RemoteDocument, FetchFault)
    /// A document that is not what the specification says.
    case badDocument(RemoteDocument, String)
    /// The token endpoint refused, by the word that it gave (RFC 6749 §5.2).
    case codeRefused(String)
    case malformedToken
    case unknownKey
    case badSignature
    /// A claim that is not there or does not hold, and what is wrong with it.
    case badClaim(String, String)
    /// The token was good, and this instance does not let its subject in.
    case notAdmitted(Admission)

    public enum Admission: Hashable, Sendable {
        case noMail, unverifiedMail, foreignMail, unknownPerson, addressTaken, deactivated
    }
}

/// The documents that are fetched from a provider.
public enum RemoteDocument: String, Hashable, Sendable, CaseIterable {
    case discovery = "discovery document"
    case keys = "key set"
    case token = "token endpoint"
    case userInfo = "user info"
}

extension SignOnFault {
    public var sentence: String {
        switch self {
        case .strayReturn: "This sign-in was not begun in this browser, or more than 10 minutes ago. Begin it again."
        case .refusedByProvider(let word): "The identity provider refused: \(Self.word(word))."
        case .unfetched(let document, let fault): "The \(document.rawValue) of the provider: \(fault.sentence)"
        case .badDocument(let document, let flaw): "The \(document.rawValue) of the provider \(flaw)."
        case .codeRefused(let word): Self.sentence(forTokenError: word)
        case .malformedToken: "The provider sent something that is no ID token."
        case .unknownKey:
            "The provider signed with a key that it does not publish, or with an algorithm that is not taken here."
        case .badSignature: "The signature of the provider's ID token is wrong."
        case .badClaim(let name, let flaw): "The provider's ID token cannot be taken: \(name) \(flaw)."
        case .notAdmitted(let admission): admission.sentence
        }
    }

    private static func sentence(forTokenError word: String) -> String {
        switch word {
        case "invalid_client": "The provider does not take the client id and secret that are set up here."
        case "invalid_grant": "The provider does not know the code that it gave, or not any longer. Begin again."
        default: "The token endpoint of the provider refused: \(Self.word(word))."
        }
    }

    /// An error's name, if it looks like one; anybody can put anything into the address of a return.
    static func word(_ text: String) -> String {
        text.wholeMatch(of: /[a-z_]{1,40}/) == nil ? "for a reason that it does not name" : text
    }
}

extension SignOnFault.Admission {
    public var sentence: String {
        switch self {
        case .noMail: "The provider does not say your mail address. It has to send the claim “email”."
        case .unverifiedMail: "The provider has not verified your mail address."
        case .foreignMail: "People of your mail domain are not let in through this provider."
        case .unknownPerson: "There is no account for you here, and this provider may not make any. Ask an Admin."
        case .addressTaken:
            "There is an account with your mail address already, and it is not connected with this provider. "
                + "Sign in to it in the way you did before and connect it there, or ask an Admin to."
        case .deactivated: "Your account here is deactivated. Ask an Admin."
        }
    }
}

extension SignOnFault {
    /// How doors show it.
    public var refusal: Refusal {
        switch self {
        case .unfetched(_, let fault) where fault.mayPass: .unavailable(sentence, retryAfter: .seconds(10))
        case .notAdmitted(.addressTaken): .conflict(sentence)
        case .notAdmitted: .forbidden(sentence)
        default: .badRequest(sentence)
        }
    }

    /// What the audit log calls it.
    public var label: String {
        switch self {
        case .strayReturn: "stray return"
        case .refusedByProvider: "refused by the provider"
        case .unfetched(let document, _): "\(document.rawValue) not fetched"
        case .badDocument(let document, _): "\(document.rawValue) not understood"
        case .codeRefused: "code refused"
        case .malformedToken: "malformed token"
        case .unknownKey: "unknown key"
        case .badSignature: "bad signature"
        case .badClaim(let name, _): "claim \(name)"
        case .notAdmitted(let admission): "\(admission)"
        }
    }
}

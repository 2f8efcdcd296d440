using Microsoft.AspNetCore.Http;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Http;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Web.Access;

/// <summary>Callers as the audit names them.</summary>
public static class CallerAudit
{
    /// <param name="action">In the words of the interface.</param>
    /// <param name="target">A site, an account, this node.</param>
    public static AuditEvent Of(Caller caller, AuditKind kind, string action, string target, string? details = null) =>
        new(kind, caller.Name, AccountOf(caller), action, target, Details: details);

    /// <summary>Of what only those may see who are in the audit.</summary>
    internal static Problem NotRecorded { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "The audit cannot be written", "who sees this is recorded first, and the audit of this server cannot be written now", "try again in some seconds; whoever runs the server finds the reason in its log")
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    /// <summary>As commands know them, with the roles that they have now.</summary>
    public static Principal PrincipalOf(Caller caller) => new(caller.Name, AccountOf(caller));

    private static string AccountOf(Caller caller)
    {
        var roles = string.Join('+', caller.Roles.Order().Select(RoleNames.Of));
        return caller.IsProgram ? $"token[{roles}]:{caller.Name[(caller.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]}"
            : caller.CheckedBy == "link" ? $"link:{caller.Name}"
            : $"account[{roles}]:{caller.Name}";
    }
}

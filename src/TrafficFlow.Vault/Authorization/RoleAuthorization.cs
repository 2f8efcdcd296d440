using System.Collections.Immutable;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Vault.Authorization;

/// <summary>
/// Who may give which command, by the roles that a principal was checked to have. Whoever comes over the control socket (unix:NAME) may do all: who can open it, decide the
/// rights of the data folder. What has no row is for nobody else.
/// </summary>
public sealed class RoleAuthorization(IReadOnlyDictionary<Type, ImmutableArray<Role>> table) : ICommandAuthorization
{
    private const string OfSocket = "unix:";

    public CommandFailed? Refuse(Principal principal, OperatorCommand command, string target)
    {
        if (principal.Account.StartsWith(OfSocket, StringComparison.Ordinal)) return null;
        var allowed = table.TryGetValue(command.GetType(), out var roles) ? roles : [];
        if (RolesOf(principal.Account).Any(r => allowed.Contains(r))) return null;
        return allowed.IsEmpty
            ? new CommandFailed($"{principal} may not do this", "only the machine's own accounts may, with trafficflow ctl on the node itself")
            : new CommandFailed($"{principal} may not do this", $"it is for the role {string.Join(" or ", allowed.Select(RoleNames.Of))}: ask somebody who has it, or a custodian for the role");
    }

    /// <summary>Whether a person has logged in with an account of that role: no user of the machine, no token of a program.</summary>
    public static bool HasLoggedInAs(Principal principal, Role role) => principal.Account.StartsWith("account[", StringComparison.Ordinal) && RolesOf(principal.Account).Contains(role);

    /// <summary>Of account[ROLE+ROLE]:NAME and token[ROLE]:NAME, as <see cref="AccountPrincipal.ToPrincipal"/> writes them; none of anything else.</summary>
    internal static IEnumerable<Role> RolesOf(string account)
    {
        var (open, close) = (account.IndexOf('[', StringComparison.Ordinal), account.IndexOf("]:", StringComparison.Ordinal));
        return open > 0 && close > open && account[..open] is "account" or "token"
            ? account[(open + 1)..close].Split('+').Select(RoleNames.Parse).OfType<Role>()
            : [];
    }
}

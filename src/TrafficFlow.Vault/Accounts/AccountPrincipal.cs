using System.Collections.Immutable;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Vault.Accounts;

/// <summary>How somebody was checked.</summary>
public enum CheckedBy
{
    /// <summary>A person's log-in.</summary>
    Session,

    /// <summary>A program's token.</summary>
    Token,
}

/// <summary>Who asks, as it was checked for this one request.</summary>
/// <param name="Roles">As they are now.</param>
/// <param name="Token">Name of the token; null in a session.</param>
/// <param name="Scope">Of the token; null in a session, which has none.</param>
public sealed record AccountPrincipal(string Name, ImmutableArray<Role> Roles, CheckedBy How, string? Token = null, ApiScope? Scope = null)
{
    public bool Is(Role role) => Roles.Contains(role);

    /// <summary>Whether the token's scope allows it; what the roles allow is another question.</summary>
    public bool Covers(string site, ApiUse use) => Scope?.Covers(site, use) ?? true;

    /// <summary>
    /// For commands, records and logs: account[ROLE+ROLE]:NAME or token[ROLE]:TOKEN, as it was checked here. Its roles travel with a command to the node that carries it out,
    /// which knows no accounts and believes the server that has shown its certificate.
    /// </summary>
    public Principal ToPrincipal()
    {
        var roles = string.Join('+', Roles.Select(RoleNames.Of));
        return new Principal(Name, How == CheckedBy.Token ? $"token[{roles}]:{Token}" : $"account[{roles}]:{Name}");
    }
}

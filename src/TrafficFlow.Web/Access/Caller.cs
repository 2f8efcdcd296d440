using Microsoft.AspNetCore.Http;
using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.Web.Access;

/// <summary>Who asks.</summary>
/// <param name="Name">Of the account.</param>
/// <param name="CheckedBy">How it was found out: session, token, link.</param>
/// <param name="Scope">Of a program's token; null for a person.</param>
public sealed record Caller(string Name, IReadOnlySet<Role> Roles, string CheckedBy, ApiScope? Scope = null)
{
    public bool IsProgram => Scope is not null;

    public bool Has(Role role) => Roles.Contains(role);

    /// <summary>Whether a token lets its program do so at a site; what the roles allow is another question.</summary>
    public bool Covers(string site, ApiUse use) => Scope?.Covers(site, use) ?? true;
}

/// <summary>Finds out who asks.</summary>
public interface ICallers
{
    /// <returns>Null for somebody who has shown nothing, or nothing that is good now.</returns>
    ValueTask<Caller?> FindAsync(HttpContext context);

    /// <summary>Where people are sent who have to sign in first.</summary>
    string SignInPath { get; }
}

using Microsoft.AspNetCore.Http;
using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.Web.Access;

/// <summary>Who asks.</summary>
/// <param name="Name">Of the account.</param>
/// <param name="CheckedBy">How it was found out: session, token, link.</param>
/// <param name="Scope">Of a program's token; null for a person.</param>
public sealed record Caller(string Name, IReadOnlySet<Role> Roles, string CheckedBy, ApiScope? Scope = null)
{
    /// <summary>Names the session that it was found by, for <see cref="ICallers.FindAgain"/>; null where there is none.</summary>
    public string? Session { get; init; }

    public bool IsProgram => Scope is not null;

    public bool Has(Role role) => Roles.Contains(role);

    /// <summary>Whether a token lets its program do so at a site; what the roles allow is another question.</summary>
    public bool Covers(string site, ApiUse use) => Scope?.Covers(site, use) ?? true;
}

/// <summary>Beside a request of nobody: its address has shown too much that was not good.</summary>
public sealed record TriesTooOften(TimeSpan RetryAfter);

/// <summary>Finds out who asks.</summary>
public interface ICallers
{
    /// <returns>Null for somebody who has shown nothing, or nothing that is good now; with <see cref="TriesTooOften"/> among the request's features where it comes too often.</returns>
    ValueTask<Caller?> FindAsync(HttpContext context);

    /// <summary>Whether who was found before is still let in, for what lasts longer than a request: an open page keeps its session from ending idly.</summary>
    /// <returns>As it is now; null where its session has ended.</returns>
    Caller? FindAgain(Caller caller) => caller;

    /// <summary>Rights were changed: whoever was found before is to be asked for again. On any thread.</summary>
    event Action Changed
    {
        add { }
        remove { }
    }

    /// <summary>Where people are sent who have to sign in first.</summary>
    string SignInPath { get; }
}

using System.Collections.Immutable;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Access;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Web.Pages;

/// <summary>Who reads a page, as a circuit knows it: handed over, protected, by the document that the gatekeeper let pass.</summary>
/// <param name="CanSignOut">False for who came by a link.</param>
public sealed record PageReader(string Name, ImmutableArray<Role> Roles, bool CanSignOut)
{
    /// <summary>As whoever answers a question holds it against the roles.</summary>
    public Principal ToPrincipal() => CallerAudit.PrincipalOf(new Caller(Name, Roles.ToHashSet(), "session"));
}

using System.Collections.Immutable;
using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.Web.Pages;

/// <summary>Who reads a page, as a circuit knows it: handed over, protected, by the document that the gatekeeper let pass.</summary>
/// <param name="CanSignOut">False for who came by a link.</param>
public sealed record PageReader(string Name, ImmutableArray<Role> Roles, bool CanSignOut);

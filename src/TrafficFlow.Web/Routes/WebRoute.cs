using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.Web.Routes;

/// <summary>What a route answers with, and so how somebody is refused: with a page, or with a problem for programs.</summary>
public enum RouteKind
{
    Page = 0,
    Data = 1,

    /// <summary>Styles and scripts, the same for everybody.</summary>
    Asset = 2,
}

/// <summary>One route, and who may use it.</summary>
/// <param name="Pattern">As it is mapped.</param>
/// <param name="Roles">One of these; empty for everybody who is signed in; null for everybody.</param>
public sealed record WebRoute(string Method, string Pattern, RouteKind Kind, IReadOnlyList<Role>? Roles)
{
    /// <summary>What a program's token must be for.</summary>
    public ApiUse Use { get; init; } = ApiUse.Read;

    /// <summary>Answers what is released, and nothing else: to everybody, where the settings say so.</summary>
    public bool IsReleased { get; init; }

    /// <param name="roles">Of who is signed in; null for who is not.</param>
    public bool IsOpenTo(IReadOnlySet<Role>? roles) => Roles is null || (roles is not null && (Roles.Count == 0 || Roles.Any(roles.Contains)));

    public override string ToString() => $"{Method} {Pattern}";
}

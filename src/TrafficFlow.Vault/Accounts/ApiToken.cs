using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vault.Accounts;

/// <summary>What a program may do with a token.</summary>
public enum ApiUse
{
    /// <summary>Query counts, speeds, coverage, health.</summary>
    Read,

    /// <summary>Follow topics as they come.</summary>
    Subscribe,

    /// <summary>Download tables and files.</summary>
    Export,

    /// <summary>Give commands that the roles allow.</summary>
    Command,
}

/// <summary>Which sites, and what with them.</summary>
/// <param name="Sites">Names of sites, or * for all.</param>
public sealed record ApiScope(ImmutableArray<string> Sites, ImmutableArray<ApiUse> Uses)
{
    public const int MostSites = 64;

    /// <summary>As uses are written: read, subscribe, export, command.</summary>
    public static IReadOnlyList<string> UseNames { get; } = [.. Enum.GetValues<ApiUse>().Select(u => u.ToString().ToLowerInvariant())];

    /// <exception cref="AccountException">A site or a use is none, or there is none.</exception>
    public static ApiScope Parse(IReadOnlyCollection<string> sites, IReadOnlyCollection<string> uses)
    {
        if (sites.Count is 0 or > MostSites) throw new AccountException($"a token is for 1 to {MostSites} sites, or * for all; here are {sites.Count}");
        if (sites.FirstOrDefault(s => s != "*" && !NameRule.IsChosen(s)) is { } site) throw new AccountException($"\"{Core.Texts.PlainText.Of(site, 40)}\" is no site: write its name, or * for all");
        if (uses.Count == 0) throw new AccountException($"a token needs at least one use: {string.Join(", ", UseNames)}");
        if (uses.FirstOrDefault(u => !UseNames.Contains(u)) is { } use) throw new AccountException($"\"{Core.Texts.PlainText.Of(use, 40)}\" is no use of a token: {string.Join(", ", UseNames)}");
        return new ApiScope([.. sites.Distinct()], [.. uses.Distinct().Select(u => Enum.Parse<ApiUse>(u, ignoreCase: true)).Order()]);
    }

    public bool Covers(string site, ApiUse use) => Uses.Contains(use) && Sites.Any(s => s == "*" || s == site);

    public override string ToString() => $"{string.Join('+', Uses.Select(u => u.ToString().ToLowerInvariant()))} of {string.Join(", ", Sites)}";
}

/// <summary>With what a program shows for whom it asks: never more than its account may.</summary>
/// <param name="Name">Of the program, one of its own for each.</param>
/// <param name="Roles">Those of its roles that the account has at the time count.</param>
/// <param name="Until">It is good before that instant.</param>
public sealed record ApiToken(
    string Name, string Account, ApiScope Scope, ImmutableArray<Role> Roles, DateTimeOffset Until, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? RevokedAt = null, string? RevokedBy = null)
{
    /// <summary>SHA-256 of its text.</summary>
    [JsonInclude]
    internal string Hash { get; init; } = "";

    /// <summary>Null while it is good, of its account apart.</summary>
    public string? WhyNot(DateTimeOffset now) =>
        RevokedAt is { } at ? $"the token {Name} was revoked on {at.UtcDateTime:yyyy-MM-dd HH:mm}Z"
        : now >= Until ? $"the token {Name} has expired on {Until.UtcDateTime:yyyy-MM-dd HH:mm}Z"
        : null;
}

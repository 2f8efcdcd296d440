using System.Globalization;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Web.Pages.Audit;

/// <summary>Which records a page or a download is about, as it stands in an address. Anything may be written there: what is none of it says so. Pure.</summary>
/// <param name="From">First day, UTC; null for the beginning.</param>
/// <param name="To">Last day, UTC, included; null for now.</param>
/// <param name="By">A part of a name or an account; empty for all.</param>
public sealed record AuditChoice(AuditKind? Kind = null, string By = "", DateOnly? From = null, DateOnly? To = null)
{
    private const int LongestName = 200;

    public AuditFilter Filter => new(Begin(From), To is { } to && to < DateOnly.MaxValue ? Begin(to.AddDays(1)) : null, By.Length > 0 ? By : null, Kind);

    public string Query => string.Join('&', Parts().Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));

    /// <summary>For the audit: what was taken away.</summary>
    public override string ToString() => Parts().Any() ? string.Join(" ", Parts().Select(p => $"{p.Name}={p.Value}")) : "all";

    /// <param name="problem">What is wrong with which parameter; null where nothing is.</param>
    public static AuditChoice Parse(Func<string, string?> parameter, out (string Name, string Detail)? problem)
    {
        problem = null;
        AuditKind? kind = null;
        if (parameter("kind") is { Length: > 0 } written && (kind = AuditKinds.Parse(written)) is null) problem = ("kind", $"there is no such kind; there are {string.Join(", ", AuditKinds.All)}");
        var by = parameter("by") ?? "";
        if (by.Length > LongestName) problem = ("by", $"it is longer than {LongestName} characters");
        var (from, to) = (Day("from", ref problem), Day("to", ref problem));
        if (problem is null && from > to) problem = ("to", "the last day is before the first one");
        return new AuditChoice(kind, by, from, to);

        DateOnly? Day(string name, ref (string, string)? wrong)
        {
            if (parameter(name) is not { Length: > 0 } text) return null;
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
            wrong = (name, "it is no day, as 2026-05-01");
            return null;
        }
    }

    private IEnumerable<(string Name, string Value)> Parts()
    {
        if (Kind is { } kind) yield return ("kind", AuditKinds.Of(kind));
        if (By.Length > 0) yield return ("by", By);
        if (From is { } from) yield return ("from", Written(from));
        if (To is { } to) yield return ("to", Written(to));
    }

    private static string Written(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Begin(DateOnly? day) => day is { } d ? new DateTimeOffset(d.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}

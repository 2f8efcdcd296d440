using System.CommandLine;
using System.Globalization;
using TrafficFlow.Node.Export;
using TrafficFlow.Node.Settings;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Report;

/// <summary>What the options of `report` may be.</summary>
internal static class ReportOptions
{
    public static Option<string?> DayOption() => new("--day") { Description = "The day, by the site's clock: 2026-04-01. [default: yesterday]", HelpName = "DAY" };

    public static Option<string?> FromOption() => new("--from") { Description = "First day of several.", HelpName = "DAY" };

    public static Option<string?> ToOption() => new("--to") { Description = $"Last day, which is included; {Period.MostDays} days are the most. [default: yesterday]", HelpName = "DAY" };

    public static Option<string> LanguageOption() => new("--language") { Description = "en, ja, or both: en,ja.", HelpName = "LANGUAGE", DefaultValueFactory = _ => "en" };

    public static Option<string> FormatOption() => new("--format")
    {
        Description = "html (one file that needs nothing else), pdf (needs Debian's packages weasyprint and fonts-noto-cjk), or both: html,pdf.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "html,pdf",
    };

    public static Option<string?> OutOption() => new("--out")
    {
        Description = "A folder, where the files get the names SITE-DAY.LANGUAGE.FORMAT; or, of one language and format, the file to write. [default: this folder]",
        HelpName = "PLACE",
    };

    /// <exception cref="UsageException">No days, days the wrong way round, too many, or none that has begun.</exception>
    public static Period Days(string? day, string? from, string? to, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (day is not null && (from is not null || to is not null)) throw new UsageException("--day is one day, and --from and --to are several: give the one or the others");
        if (from is null && to is not null) throw new UsageException("--to without --from: name the first day too, with --from; or one day with --day");
        var yesterday = Period.Today(now, zone).AddDays(-1);
        var first = day is not null ? Read("--day", day) : from is not null ? Read("--from", from) : yesterday;
        var last = to is not null ? Read("--to", to) : from is not null && yesterday > first ? yesterday : first;
        if (last < first) throw new UsageException($"--from {Period.Write(first)} is after --to {Period.Write(last)}");
        var period = new Period(first, last);
        if (period.Days > Period.MostDays) throw new UsageException($"--from {Period.Write(first)} --to {Period.Write(last)} are {period.Days} days, and {Period.MostDays} are the most of one report");
        return ExportInterval.StartOf(first, zone) < now ? period : throw new UsageException($"{(day is null ? "--from" : "--day")} {Period.Write(first)} lies in the future: nothing of it has been counted");
    }

    /// <exception cref="UsageException">There is no such language.</exception>
    public static IReadOnlyList<string> Languages(string text) =>
        [.. Words(text).Select(l => ReportTexts.Languages.Contains(l) ? l : throw new UsageException($"--language {l}: expected en, ja or en,ja"))];

    /// <exception cref="UsageException">There is no such format.</exception>
    public static IReadOnlyList<ReportFormat> Formats(string text) => [.. Words(text).Select(f => f switch
    {
        "html" => ReportFormat.Html,
        "pdf" => ReportFormat.Pdf,
        _ => throw new UsageException($"--format {f}: expected html, pdf or html,pdf"),
    })];

    /// <summary>The file of each report.</summary>
    /// <exception cref="UsageException">Something is in the way of one, or there is no such folder.</exception>
    public static IReadOnlyDictionary<ReportName, string> Places(IReadOnlyList<ReportName> names, string? place)
    {
        var isFile = place is not null && !Directory.Exists(place) && names is [{ } only] && Path.GetExtension(place).TrimStart('.').Equals(only.Format.ToString(), StringComparison.OrdinalIgnoreCase);
        if (!isFile && place is not null && !Directory.Exists(place))
        {
            throw new UsageException(names.Count > 1 && Path.HasExtension(place)
                ? $"--out {place} is no folder, and {names.Count} files are to be written: name a folder, or one --language and one --format"
                : $"--out {place} is no folder that is there: make it first, or name a file that ends like its format");
        }

        var files = names.ToDictionary(n => n, n => isFile ? place! : Path.Combine(place ?? ".", n.File));
        foreach (var file in files.Values)
        {
            if (Path.Exists(file) || new FileInfo(file).LinkTarget is not null) throw new UsageException($"{file} is there already: remove it, or name another place with --out");
        }

        return files;
    }

    private static IReadOnlyList<string> Words(string text) => [.. text.ToLowerInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).DefaultIfEmpty("").Distinct()];

    private static DateOnly Read(string option, string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 2200
        ? day
        : throw new UsageException($"{option} {text} is no day: write it as 2026-04-01, by the site's clock");
}

using System.Globalization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Simulation.Replay;

/// <summary>
/// A source such as <c>replay:simulation?seed=7&amp;speed=50</c> or <c>replay:FOLDER?speed=100</c>: a replay camera, which counts known
/// vehicles without a picture.
/// </summary>
/// <param name="Folder">Of trajectory files; null for the simulation.</param>
/// <param name="Seed">Which of the simulation's traffics.</param>
/// <param name="Period">Of the simulation, before it repeats; trajectories have their own.</param>
/// <param name="Speed">Seconds of event time in one second.</param>
/// <param name="Start">Event time at which the script begins.</param>
/// <param name="Phase">Where in the period it begins.</param>
/// <param name="Length">Event time after which the script ends; null: never.</param>
/// <param name="Coverage">Event time after which coverage is reported.</param>
public sealed record ReplaySource(
    string? Folder, int Seed, TimeSpan Period, double Speed, DateTimeOffset Start, TimeSpan Phase, TimeSpan? Length, TimeSpan Coverage)
{
    public const string Scheme = "replay:";

    private const string Simulation = "simulation";

    /// <summary>What holds where the source does not say it. The start is fixed, so that a restarted node plays the same script on.</summary>
    public static readonly ReplaySource Default = new(
        null, 1, TimeSpan.FromHours(1), 1, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.Zero, null, TimeSpan.FromSeconds(5));

    /// <summary>How such a source is written.</summary>
    public const string Form =
        "write replay:simulation or replay:FOLDER, then any of ?seed=WHOLE-NUMBER, period=MINUTES (1 to 1440, both for the simulation only), "
        + "speed=1 to 1000, start=2026-01-01T00:00:00Z, phase=SECONDS, hours=0.001 or more and coverage=SECONDS (1 to 3600), joined by &";

    /// <summary>Cameras of equal traffic see the same vehicles.</summary>
    public ReplaySource Traffic => this with { Speed = Default.Speed, Coverage = Default.Coverage };

    public static bool IsReplay(string source) => source.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ReplayScriptException">The text is no such source; the message says why, and how it is written.</exception>
    public static ReplaySource Parse(string source) =>
        TryParse(source, out var parsed, out var fault) ? parsed : throw new ReplayScriptException($"the source {source} {fault}; {Form}");

    /// <param name="fault">What is wrong with it: follows its name in a sentence.</param>
    public static bool TryParse(string source, out ReplaySource parsed, out string fault)
    {
        (parsed, fault) = (Default, "");
        var parts = IsReplay(source) ? source[Scheme.Length..].Split('?', 2) : [""];
        if (parts[0].Length == 0)
        {
            fault = $"names neither {Scheme}{Simulation} nor {Scheme}FOLDER";
            return false;
        }

        parsed = parsed with { Folder = parts[0] == Simulation ? null : parts[0] };
        foreach (var option in (parts.Length > 1 ? parts[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (parsed.With(option) is not { } changed)
            {
                fault = $"has the option \"{option}\"";
                return false;
            }

            parsed = changed;
        }

        return true;
    }

    /// <summary>The same source with its folder resolved from another one; the simulation stays as it is.</summary>
    public static string ResolveFolder(string source, string from)
    {
        var end = source.IndexOf('?', StringComparison.Ordinal) is var query and >= 0 ? query : source.Length;
        var folder = source[Scheme.Length..end];
        return folder is Simulation or "" ? source : $"{Scheme}{Path.GetFullPath(Path.Combine(from, folder))}{source[end..]}";
    }

    private ReplaySource? With(string option)
    {
        var (key, value) = option.Split('=', 2) is [var k, var v] ? (k, v) : (option, "");
        return key switch
        {
            "seed" when Folder is null && int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed)
                => this with { Seed = seed },
            "period" when Folder is null && Number(value, 1, 1440) is { } minutes => this with { Period = TimeSpan.FromMinutes(minutes) },
            "speed" when Number(value, 1, 1000) is { } speed => this with { Speed = speed },
            "start" when Time(value) is { } start => this with { Start = start },
            "phase" when Number(value, 0, 1e8) is { } phase => this with { Phase = TimeSpan.FromSeconds(phase) },
            "hours" when Number(value, 0.001, 1e6) is { } hours => this with { Length = TimeSpan.FromHours(hours) },
            "coverage" when Number(value, 1, 3600) is { } seconds => this with { Coverage = TimeSpan.FromSeconds(seconds) },
            _ => null,
        };
    }

    private static double? Number(string text, double min, double max) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;

    // Without its offset a time would depend on where the node runs.
    private static DateTimeOffset? Time(string text) =>
        (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal)) && text.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) && time.Year is > 1 and < 9000
            ? time
            : null;
}

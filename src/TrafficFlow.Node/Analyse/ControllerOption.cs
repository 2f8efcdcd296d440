using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Analysis.Signals.ControllerLogs;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Analyse;

/// <summary>What --controller-log and --controller-phases may be.</summary>
internal static class ControllerOption
{
    public const string PhasesForm = "write 2=north,4=east:west, with the number of each phase, its approach, and after a colon the exits that it serves where it serves not all: 1=north:west+south";

    /// <summary>How far a controller's clock may be off: one that nobody has set since the power failed is not looked for.</summary>
    public static readonly TimeSpan LongestDifference = TimeSpan.FromMinutes(15);

    /// <param name="phases">Null where none are given.</param>
    /// <returns>Null without a log.</returns>
    /// <exception cref="UsageException">The one without the other, or an unknown approach.</exception>
    /// <exception cref="JobFailedException">The log cannot be used.</exception>
    public static ControllerSource? Read(string? log, string? phases, string? device, Site site)
    {
        if (log is null) return phases is null && device is null ? null : throw new UsageException("--controller-phases and --controller-device tell of a log: name it with --controller-log");
        if (phases is null) throw new UsageException($"--controller-log needs --controller-phases, for its phases are numbers: {PhasesForm}");
        var parsed = Phases(phases, site);
        try
        {
            using var csv = File.OpenText(log);
            return new ControllerSource(ControllerLog.Read(csv, site.TimeZone, device), parsed, LongestDifference);
        }
        catch (ControllerLogException e)
        {
            throw new JobFailedException($"{log}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--controller-log {log} cannot be read: {e.Message}");
        }
    }

    internal static ImmutableArray<LoggedPhase> Phases(string text, Site site) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => Phase(part, site))];

    private static LoggedPhase Phase(string part, Site site)
    {
        if (part.Split('=') is not [var number, var what] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var phase))
            throw new UsageException($"--controller-phases {part}: {PhasesForm}");
        var (approach, exits) = what.Split(':', 2) is [var a, var e] ? (a, e) : (what, null);
        var arm = Known(approach, site);
        IEnumerable<ApproachId> to = exits is null ? site.Approaches.Select(s => s.Id) : exits.Split('+').Select(x => Known(x, site));
        // Of whom nobody knows where they went may have been any; a phase that serves some exits tells nothing of them.
        return new LoggedPhase(phase, arm, [.. exits is null ? [Movement.Entering] : (ImmutableArray<Movement>)[], .. to.Select(Movement.To)]);
    }

    private static ApproachId Known(string name, Site site) => site.Approaches.FirstOrDefault(a => a.Id.Value == name)?.Id
        ?? throw new UsageException($"--controller-phases: site {site.Id} has no approach {name}; {Suggestion.For(name, [.. site.Approaches.Select(a => a.Id.Value)], "it has")}");
}

using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Signals.ControllerLogs;

/// <summary>A controller's log cannot be used; the message says where and what to do.</summary>
public sealed class ControllerLogException(string message) : Exception(message);

/// <summary>What a controller noted, in order of its clock.</summary>
/// <param name="Rejected">Lines that made no sense, the first of them with its reason; few, or the log would have been refused.</param>
public sealed record ControllerLog(ImmutableArray<ControllerEvent> Events, int Rejected, string? FirstRejected)
{
    /// <summary>Controllers note something every few seconds: a longer silence is a hole in the log.</summary>
    private const double LongestSilenceSeconds = 300;

    /// <summary>A hundred controllers of a day; a longer file is none of one junction.</summary>
    private const int MostEvents = 20_000_000;

    private static readonly string[] s_times = ["timestamp", "time", "eventtime"];
    private static readonly string[] s_codes = ["eventcode", "eventid", "code"];
    private static readonly string[] s_parameters = ["eventparam", "parameter", "eventparameter", "param"];
    private static readonly string[] s_devices = ["signalid", "deviceid", "locationidentifier", "device"];

    /// <summary>When the controller is known to have noted what happened.</summary>
    public IntervalSet Covered
    {
        get
        {
            var intervals = new List<Interval>();
            foreach (var time in Events.Select(e => e.Time))
            {
                if (intervals.Count > 0 && (time - intervals[^1].To).TotalSeconds <= LongestSilenceSeconds) intervals[^1] = new Interval(intervals[^1].From, time);
                else intervals.Add(new Interval(time, time));
            }

            return IntervalSet.Of(intervals);
        }
    }

    /// <summary>
    /// Reads CSV with a header that names a time, a code and a parameter, in any order, as ATSPM's exports and its successors call them. Lines out of order and
    /// doubled ones are put right.
    /// </summary>
    /// <param name="zone">Of the controller's clock, for times without an offset.</param>
    /// <param name="device">Which controller's lines to take; null where the file holds one only.</param>
    /// <exception cref="ControllerLogException">It has no such header, holds several controllers, or more than one line in a hundred makes no sense.</exception>
    public static ControllerLog Read(TextReader csv, TimeZoneInfo zone, string? device = null)
    {
        var header = csv.ReadLine() ?? throw new ControllerLogException("the log is empty: export it again");
        var separator = header.Contains(';', StringComparison.Ordinal) ? ';' : header.Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
        var names = header.Split(separator).Select(n => n.Trim('\uFEFF', '"', ' ').Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()).ToArray();
        var (time, code, parameter, of) = (Column(s_times), Column(s_codes), Column(s_parameters), Column(s_devices));
        if (time < 0 || code < 0 || parameter < 0)
            throw new ControllerLogException($"the first line \"{header}\" must name a time, an event code and an event parameter (ATSPM: SignalId,Timestamp,EventCode,EventParam)");
        var (events, rejected, first, number) = (new List<ControllerEvent>(), 0, (string?)null, 1);
        var devices = new HashSet<string>(StringComparer.Ordinal);
        while (csv.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0) continue;
            var fields = line.Split(separator);
            var name = of >= 0 && of < fields.Length ? fields[of].Trim('"', ' ') : "";
            if (device is not null && of >= 0 && name != device) continue;
            if (Parse(fields) is { } parsed)
            {
                if (devices.Add(name) && devices.Count > 1)
                    throw new ControllerLogException($"line {number}: the log holds several controllers ({string.Join(", ", devices)}): say which one to take");
                if (events.Count == MostEvents) throw new ControllerLogException($"the log holds more than {MostEvents} events: export a shorter time");
                events.Add(parsed);
                continue;
            }

            rejected++;
            first ??= $"line {number}: \"{(line.Length > 80 ? line[..80] + "…" : line)}\" has no time, code and parameter";
        }

        if (events.Count == 0) throw new ControllerLogException(first ?? (device is null ? "the log holds no event: export it again" : $"the log holds no event of {device}"));
        if (rejected > Math.Max(1, events.Count / 100)) throw new ControllerLogException($"{rejected} of {rejected + events.Count} lines make no sense; {first}");
        return new ControllerLog([.. events.Distinct().OrderBy(e => e.Time)], rejected, first);

        int Column(string[] known) => Array.FindIndex(names, n => known.Contains(n));

        ControllerEvent? Parse(string[] fields)
        {
            if (fields.Length <= Math.Max(time, Math.Max(code, parameter))) return null;
            return TryTime(fields[time].Trim('"', ' '), zone, out var at)
                && int.TryParse(fields[code].Trim('"', ' '), NumberStyles.None, CultureInfo.InvariantCulture, out var c)
                && int.TryParse(fields[parameter].Trim('"', ' '), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var p)
                ? new ControllerEvent(at, c, p)
                : null;
        }
    }

    private static bool TryTime(string text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        const DateTimeStyles Styles = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.NoCurrentDateDefault;
        time = default;
        // "K" takes an offset or Z, and nothing where there is none.
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, Styles | DateTimeStyles.RoundtripKind, out var local) || local.Year < 2000) return false;
        if (local.Kind != DateTimeKind.Unspecified) return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
        if (zone.IsInvalidTime(local)) return false;
        time = new DateTimeOffset(local, zone.GetUtcOffset(local));
        return true;
    }
}

using System.Globalization;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Benchmarks.Signals;

/// <summary>
/// The 2.5 hours of real trajectories as discharge: when each vehicle passed a line a few metres behind the stop line of its approach, which itself lies outside of
/// what the camera saw, and by which arm it left. Lines were laid by eye across the streams, before anything was inferred.
/// </summary>
internal static class RadebergDischarge
{
    /// <summary>Corner of the local metres in UTM 33N.</summary>
    private const double East0 = 424_100;

    private const double North0 = 5_662_230;
    private const double FileSeconds = 900;

    /// <summary>People on foot never move so fast, in metres per second.</summary>
    private const double VehicleSpeed = 4;

    public static readonly DateTimeOffset Start = new(2020, 2, 20, 11, 30, 0, TimeSpan.FromHours(1));

    private static readonly Line[] s_entries =
    [
        new("west", p => p.X, -4, 1, p => p.Y is > 8 and < 21),
        new("east", p => p.X, 33, -1, p => p.Y is > 12 and < 23),
        new("north", p => p.Y, 21, -1, p => p.X is > 20 and < 36),
        new("south", p => p.Y, 1, 1, p => p.X is > 16.5 and < 27),
    ];

    public static Discharge Read(string folder)
    {
        var crossings = new List<(string Approach, string? Exit, double Seconds)>();
        var files = Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            foreach (var track in Tracks(files[i]))
            {
                if (Entry(track) is { } entry) crossings.Add((entry.Approach, Exit(track[^1]), entry.Seconds + (i * FileSeconds)));
            }
        }

        return new Discharge(
            [
                .. crossings.GroupBy(c => (c.Approach, Movement: c.Exit is { } e && e != c.Approach ? Movement.To(new ApproachId(e)) : Movement.Entering))
                    .OrderBy(g => g.Key.Approach, StringComparer.Ordinal).ThenBy(g => g.Key.Movement)
                    .Select(g => new DischargeStream(new ApproachId(g.Key.Approach), g.Key.Movement, [.. g.Select(c => Start.AddSeconds(c.Seconds)).Order()])),
            ],
            IntervalSet.Of(new Interval(Start, Start.AddSeconds(files.Count * FileSeconds))));
    }

    private static IEnumerable<List<Point>> Tracks(string file)
    {
        var tracks = new Dictionary<string, List<Point>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var fields = line.Split(';');
            if (!tracks.TryGetValue(fields[0], out var track)) tracks[fields[0]] = track = [];
            track.Add(new Point(Number(fields[1]) - East0, Number(fields[2]) - North0, Number(fields[3])));
        }

        return tracks.Values.Where(t => FastestMetresPerSecond(t) > VehicleSpeed);
    }

    private static double FastestMetresPerSecond(List<Point> track)
    {
        var fastest = 0.0;
        for (int i = 0, j = 0; j < track.Count; j++)
        {
            while (track[j].Seconds - track[i].Seconds > 1) i++;
            if (track[j].Seconds - track[i].Seconds > 0.7)
                fastest = Math.Max(fastest, Math.Sqrt(Math.Pow(track[j].X - track[i].X, 2) + Math.Pow(track[j].Y - track[i].Y, 2)) / (track[j].Seconds - track[i].Seconds));
        }

        return fastest;
    }

    private static (string Approach, double Seconds)? Entry(List<Point> track)
    {
        for (var i = 1; i < track.Count; i++)
        {
            foreach (var line in s_entries)
            {
                var (before, after) = (line.Along(track[i - 1]) - line.At, line.Along(track[i]) - line.At);
                if (line.Way * before > 0 || line.Way * after <= 0 || !line.IsWithin(track[i])) continue;
                return (line.Approach, track[i - 1].Seconds + ((track[i].Seconds - track[i - 1].Seconds) * before / (before - after)));
            }
        }

        return null;
    }

    private static string? Exit(Point last) => last switch
    {
        { X: < 0, Y: > 8 } => "west",
        { X: > 29, Y: < 19 } => "east",
        { Y: > 19, X: > 19 and < 38 } => "north",
        { Y: < 3, X: > 9 } => "south",
        _ => null,
    };

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private readonly record struct Point(double X, double Y, double Seconds);

    /// <param name="Along">The coordinate that passes the line.</param>
    /// <param name="Way">1 where it grows, -1 where it falls.</param>
    private sealed record Line(string Approach, Func<Point, double> Along, double At, int Way, Func<Point, bool> IsWithin);
}

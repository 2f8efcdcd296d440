using System.Globalization;
using System.Text;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Node.Count;

/// <summary>
/// Writes a count's files. Each is written beside its place and moved there when it is whole: an older count is never left half
/// overwritten. The folder is tried before anything is counted.
/// </summary>
public sealed class CountResults
{
    private readonly string _folder;

    /// <exception cref="UsageException">The folder cannot be made or written to.</exception>
    public CountResults(string folder)
    {
        _folder = folder;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".writable-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the folder {folder} cannot be written to ({e.Message}): choose another with --out");
        }
    }

    /// <exception cref="JobFailedException">The disk is full, or the folder went away.</exception>
    public void Write(CountTally tally, CountSummary summary, ProcessingSpeed speed)
    {
        Save("crossings.csv", Crossings(tally));
        Save("flows.csv", Flows(tally));
        Save("summary.json", summary.ToJson() + "\n");
        Save("processing.json", speed.ToJson() + "\n");
    }

    internal static string Crossings(CountTally tally)
    {
        var text = new StringBuilder(
            "camera,gate,direction,track,time_s,class,size,colour,speed_kmh,confidence,speed_error_kmh,heading_deg,heading_error_deg,length_m\n");
        foreach (var c in tally.InOrder())
        {
            text.Append(CultureInfo.InvariantCulture, $"{c.Camera},{c.Gate},{DirectionName(c.Direction)},{c.Track},{CountTally.Seconds(c.Time):0.00},")
                .Append(CultureInfo.InvariantCulture, $"{c.Class.Name()},{c.Size.Name()},{c.Colour.Name()},{c.SpeedKmh:0.0},")
                .Append(c.Confidence > 0 ? c.Confidence.ToString("0.00", CultureInfo.InvariantCulture) : "")
                .Append(CultureInfo.InvariantCulture, $",{c.SpeedErrorKmh:0.0},{Whole(c.HeadingDegrees)},{c.HeadingErrorDegrees:0.0},{c.LengthMetres:0.0}\n");
        }

        return text.ToString();
    }

    internal static string Flows(CountTally tally)
    {
        var text = new StringBuilder("camera,from_gate,to_gate,class,count,mean_speed_kmh,space_mean_speed_kmh,speeds\n");
        var groups = tally.Passages
            .GroupBy(p => (p.Camera, p.FromGate, p.ToGate, p.Class))
            .OrderBy(g => g.Key.Camera.Value, StringComparer.Ordinal)
            .ThenBy(g => g.Key.FromGate.Value, StringComparer.Ordinal)
            .ThenBy(g => g.Key.ToGate.Value, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Class);
        foreach (var group in groups)
        {
            var sums = group.Aggregate(default(FlowSums), (sum, p) => sum + FlowSums.Of(p.Size, p.SpeedKmh));
            text.Append(CultureInfo.InvariantCulture, $"{group.Key.Camera},{group.Key.FromGate},{group.Key.ToGate},{group.Key.Class.Name()},{sums.Count},")
                .Append(CultureInfo.InvariantCulture, $"{sums.MeanSpeedKmh:0.0},{sums.SpaceMeanSpeedKmh:0.0},{sums.SpeedSamples}\n");
        }

        return text.ToString();
    }

    // 359.7 is north again.
    private static double? Whole(double? degrees) => degrees is { } d ? Math.Round(d) % 360 : null;

    internal static string DirectionName(CrossingDirection direction) => direction == CrossingDirection.Forward ? "forward" : "backward";

    private void Save(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        var unfinished = path + ".part";
        try
        {
            File.WriteAllText(unfinished, text);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{path} cannot be written ({e.Message}): free some space, or choose another folder with --out, and count again", e);
        }
    }
}

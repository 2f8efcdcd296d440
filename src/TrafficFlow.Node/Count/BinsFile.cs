using System.Globalization;
using System.Text;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Count;

/// <summary>
/// bins.csv: a row for each bin, approach, movement and class. Where the recording's clock times are known the bins are aligned to the wall
/// clock of the site, else they begin with the recording.
/// </summary>
internal static class BinsFile
{
    private const string Columns =
        "camera,approach,movement,class,start,end,start_s,end_s,count,observed_s,quality,mean_speed_kmh,space_mean_speed_kmh";

    private const string BinTime = "yyyy-MM-dd'T'HH:mm:sszzz";

    public static string Text(CountSummary summary, BinDuration duration)
    {
        var flow = new RecordedFlow(
            summary.Camera, summary.Site.Id, summary.Provenance, summary.Span, summary.Watched, summary.Tally.Degraded, summary.Tally.Crossings, summary.Tally.Passages);
        // The stand-in for an unknown start is a whole day's in UTC: bins begin with it.
        var alignment = new BinAlignment(summary.Recording.Start is null ? TimeZoneInfo.Utc : summary.Site.TimeZone);
        var text = new StringBuilder($"{Columns}\n");
        foreach (var bin in flow.Approaches.SelectMany(a => flow.Bins(a, duration, alignment)).OrderBy(b => b.Key.Start))
        {
            foreach (var movement in flow.Movements(bin.Key.Approach))
            {
                foreach (var vehicleClass in flow.Classes) Append(text, summary, bin, movement, vehicleClass);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, CountSummary summary, FlowBin bin, Movement movement, VehicleClass vehicleClass)
    {
        var sums = bin.Rows.FirstOrDefault(r => r.Movement == movement && r.Class == vehicleClass)?.Sums ?? default;
        text.Append(CultureInfo.InvariantCulture, $"{CsvCell.Quoted(summary.Camera.Id.Value)},{CsvCell.Quoted(bin.Key.Approach.Value)},{CsvCell.Quoted(movement.Name)},{vehicleClass.Name()},")
            .Append(CultureInfo.InvariantCulture, $"{summary.ClockTime(bin.Key.Start, BinTime)},{summary.ClockTime(bin.End, BinTime)},")
            .Append(CultureInfo.InvariantCulture, $"{summary.Tally.Seconds(bin.Key.Start):0.##},{summary.Tally.Seconds(bin.End):0.##},")
            .Append(CultureInfo.InvariantCulture, $"{bin.Count(movement, vehicleClass)},{bin.ObservedSeconds:0.0},{bin.Quality.ToString().ToLowerInvariant()},")
            .Append(CultureInfo.InvariantCulture, $"{sums.MeanSpeedKmh:0.0},{sums.SpaceMeanSpeedKmh:0.0}\n");
    }
}

using System.Globalization;
using System.Text;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Count.Turning;

/// <summary>turning.csv: a row for each approach and class, a column for each exit; "unknown" holds whose other end was not seen.</summary>
internal static class TurningFile
{
    private const string Unknown = "unknown";
    private const string All = "all";

    public static string Text(TurningTable table)
    {
        List<ApproachId?> approaches = [.. table.Approaches, null];
        List<ApproachId?> exits = [.. table.Exits, null];
        List<VehicleClass?> classes = [.. table.Classes, null];
        var text = new StringBuilder("from,class");
        foreach (var exit in exits) text.Append(CultureInfo.InvariantCulture, $",{CsvCell.Quoted($"to {exit?.Value ?? Unknown}")}");
        text.Append(",total\n");
        foreach (var approach in approaches) Rows(approach?.Value ?? Unknown, (exit, vehicleClass) => table.Count(approach, exit, vehicleClass));
        Rows(All, (exit, vehicleClass) => approaches.Sum(a => table.Count(a, exit, vehicleClass)));
        return text.ToString();

        void Rows(string from, Func<ApproachId?, VehicleClass?, int> count)
        {
            foreach (var vehicleClass in classes)
            {
                var counts = exits.Select(e => count(e, vehicleClass)).ToList();
                text.Append(CultureInfo.InvariantCulture, $"{CsvCell.Quoted(from)},{vehicleClass?.Name() ?? All},{string.Join(',', counts)},{counts.Sum()}\n");
            }
        }
    }
}

using System.Globalization;
using System.Text;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;

namespace TrafficFlow.Node.Mark;

/// <summary>Writes the truth format that `score` reads: whole or not at all.</summary>
internal static class TruthFile
{
    private const string Header = "gate,direction,time_s,class,size,optional";

    public static string Text(IEnumerable<TruthCrossing> crossings)
    {
        var text = new StringBuilder().Append(Header).Append('\n');
        foreach (var c in crossings.OrderBy(c => c.TimeSeconds).ThenBy(c => c.Gate.Value, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{c.Gate},{(c.Direction == CrossingDirection.Forward ? "forward" : "backward")},{c.TimeSeconds:0.00},")
                .Append(CultureInfo.InvariantCulture, $"{c.Class?.Name()},{c.Size.Name()},{(c.IsOptional ? "1" : "")}\n");
        }

        return text.ToString();
    }

    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Save(string file, IEnumerable<TruthCrossing> crossings)
    {
        var draft = $"{file}.new";
        using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(Text(crossings)));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: true);
    }
}

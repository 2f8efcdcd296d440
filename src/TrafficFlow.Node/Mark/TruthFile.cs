using System.Globalization;
using System.Text;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Mark;

/// <summary>Writes the truth format that `score` reads: whole or not at all.</summary>
internal static class TruthFile
{
    private const string Header = "gate,direction,time_s,class,size,optional";

    // Only where somebody judged it: most truths have none of these.
    private static readonly (string Name, Func<TruthCrossing, string?> Of)[] s_further =
    [
        ("colour", c => c.Colour.Name()),
        ("movement", c => CsvCell.Quoted(c.Movement)),
        ("lighting", c => CsvCell.Quoted(c.Lighting)),
        ("speed_kmh", c => c.SpeedKmh?.ToString(CultureInfo.InvariantCulture)),
    ];

    public static string Text(IReadOnlyCollection<TruthCrossing> crossings)
    {
        var further = s_further.Where(f => crossings.Any(c => !string.IsNullOrEmpty(f.Of(c)))).ToList();
        var text = new StringBuilder().AppendJoin(',', further.Select(f => f.Name).Prepend(Header)).Append('\n');
        foreach (var c in crossings.OrderBy(c => c.TimeSeconds).ThenBy(c => c.Gate.Value, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{CsvCell.Quoted(c.Gate.Value)},{(c.Direction == CrossingDirection.Forward ? "forward" : "backward")},{c.TimeSeconds:0.00},")
                .Append(CultureInfo.InvariantCulture, $"{c.Class?.Name()},{c.Size.Name()},{(c.IsOptional ? "1" : "")}");
            foreach (var (_, of) in further) text.Append(',').Append(of(c));
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Save(string file, IReadOnlyCollection<TruthCrossing> crossings) => FileDraft.Write(file, Text(crossings));
}

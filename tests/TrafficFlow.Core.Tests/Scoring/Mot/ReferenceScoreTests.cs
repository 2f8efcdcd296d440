using System.Globalization;
using TrafficFlow.Core.Scoring.Mot;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Scoring.Mot;

/// <summary>What the reference implementation prints for a published tracker's output, digit by digit.</summary>
public sealed class ReferenceScoreTests
{
    private const string Combined = "COMBINED_SEQ";

    [Theory]
    [InlineData("TUD-Campus")]
    [InlineData("TUD-Stadtmitte")]
    [InlineData(Combined)]
    public void Scores_agree_with_the_reference_to_the_last_digit(string sequence)
    {
        var expected = File.ReadLines(SharedFiles.Path("data/mot/reference_scores.txt"))
            .Single(l => l.StartsWith(sequence, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];

        Assert.Equal(
            string.Join(' ', expected),
            Printed(sequence == Combined ? MotScore.Combine([Score("TUD-Campus"), Score("TUD-Stadtmitte")]) : Score(sequence)));
    }

    private static MotScore Score(string sequence) =>
        MotScore.Of(MotSequence.Of(Read($"data/mot/{sequence}/gt.txt"), Read($"data/mot/{sequence}/test.txt")));

    private static IReadOnlyList<MotRow> Read(string path)
    {
        var (rows, errors) = MotText.Read(File.ReadLines(SharedFiles.Path(path)));
        Assert.Empty(errors);
        Assert.Empty(MotText.ErrorsOfTracks(rows));
        return rows;
    }

    private static string Printed(MotScore s) => string.Create(
        CultureInfo.InvariantCulture,
        $"HOTA {s.Hota.Hota:0.0000} DetA {s.Hota.DetA:0.0000} AssA {s.Hota.AssA:0.0000} MOTA {s.Clear.Mota:0.0000} MOTP {s.Clear.Motp:0.0000} IDF1 {s.Identity.F1:0.0000} IDSW {s.Clear.Switches} FP {s.Clear.Extra} FN {s.Clear.Missed} MT {s.Clear.MostlyTracked} PT {s.Clear.PartlyTracked} ML {s.Clear.MostlyLost} Frag {s.Clear.Fragments}");
}

namespace TrafficFlow.Core.Scoring.Mot;

/// <summary>How well the vehicles of one recording were followed, or of several as of one.</summary>
/// <param name="Boxes">True boxes.</param>
/// <param name="Tracks">True tracks.</param>
/// <param name="FoundBoxes">Boxes of the result.</param>
/// <param name="FoundTracks">Tracks of the result.</param>
public sealed record MotScore(
    HotaScore Hota, ClearScore Clear, IdentityScore Identity, int Boxes, int Tracks, int FoundBoxes, int FoundTracks)
{
    public static MotScore Of(MotSequence sequence) => new(
        Mot.Hota.Score(sequence),
        Mot.Clear.Score(sequence),
        Mot.Identity.Score(sequence),
        sequence.LengthOfTruth.Sum(),
        sequence.LengthOfTruth.Length,
        sequence.LengthOfFound.Sum(),
        sequence.LengthOfFound.Length);

    /// <summary>The reference's COMBINED_SEQ: not a mean of the recordings, but all their boxes together.</summary>
    /// <param name="scores">At least one.</param>
    public static MotScore Combine(IReadOnlyCollection<MotScore> scores) => new(
        HotaScore.Combine([.. scores.Select(s => s.Hota)]),
        scores.Select(s => s.Clear).Aggregate((a, b) => a + b),
        scores.Select(s => s.Identity).Aggregate((a, b) => a + b),
        scores.Sum(s => s.Boxes),
        scores.Sum(s => s.Tracks),
        scores.Sum(s => s.FoundBoxes),
        scores.Sum(s => s.FoundTracks));
}

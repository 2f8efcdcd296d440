namespace TrafficFlow.Analysis.Optimisation;

/// <summary>How large a model or its file may be. Beyond, it is refused before memory is spent on it.</summary>
/// <param name="Variables">At most so many.</param>
/// <param name="Couplings">Counted as they are given: one that is given twice counts twice.</param>
/// <param name="FileBytes">Of a JSON or COO file.</param>
/// <param name="LabelCharacters">Of one label as text.</param>
public sealed record ModelLimits(int Variables, int Couplings, long FileBytes, int LabelCharacters)
{
    /// <summary>A junction's splits are some hundred variables, a line of ten junctions with offsets some thousand.</summary>
    public static ModelLimits Default { get; } = new(100_000, 5_000_000, 256 * 1024 * 1024, 256);
}

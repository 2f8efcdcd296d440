using System.Text.Json;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>What the gate compares, all in vehicles: whole numbers hide no rounding.</summary>
/// <param name="Counted">Crossings of the clips that were counted and are true.</param>
/// <param name="Invented">Crossings that no vehicle explains.</param>
/// <param name="Motorcycles">Of the counted ones.</param>
/// <param name="ColoursRight">Of the marked vehicles of the clips.</param>
/// <param name="ColoursWrong">A colour that was not told is neither right nor wrong.</param>
internal sealed record AccuracyFigures(
    int Counted,
    int Invented,
    int Motorcycles,
    int ColoursRight,
    int ColoursWrong,
    int ClassesRight,
    int ClassesWrong,
    int SyntheticColoursRight,
    int SyntheticColoursWrong)
{
    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static AccuracyFigures Read(string file) => JsonSerializer.Deserialize<AccuracyFigures>(File.ReadAllText(file), s_layout)
        ?? throw new FormatException($"{file} holds no figures");

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, s_layout) + "\n");

    /// <summary>Each figure that is worse than in the baseline, in words.</summary>
    /// <param name="slack">Vehicles by which an attribute may be worse: another processor rounds a model's scores otherwise.</param>
    public IEnumerable<string> WorseThan(AccuracyFigures baseline, int slack)
    {
        if (Counted < baseline.Counted) yield return $"{Counted} true crossings are counted, {baseline.Counted} were";
        if (Invented > baseline.Invented) yield return $"{Invented} crossings are invented, {baseline.Invented} were";
        if (Motorcycles < baseline.Motorcycles) yield return $"{Motorcycles} motorcycles are counted, {baseline.Motorcycles} were";
        if (ColoursRight < baseline.ColoursRight - slack) yield return $"{ColoursRight} colours are right, {baseline.ColoursRight} were";
        if (ColoursWrong > baseline.ColoursWrong + slack) yield return $"{ColoursWrong} colours are wrong, {baseline.ColoursWrong} were";
        if (ClassesRight < baseline.ClassesRight - slack) yield return $"{ClassesRight} classes are right, {baseline.ClassesRight} were";
        if (ClassesWrong > baseline.ClassesWrong + slack) yield return $"{ClassesWrong} classes are wrong, {baseline.ClassesWrong} were";
        if (SyntheticColoursRight < baseline.SyntheticColoursRight - slack) yield return $"{SyntheticColoursRight} synthetic colours are right, {baseline.SyntheticColoursRight} were";
        if (SyntheticColoursWrong > baseline.SyntheticColoursWrong + slack) yield return $"{SyntheticColoursWrong} synthetic colours are wrong, {baseline.SyntheticColoursWrong} were";
    }
}

namespace TrafficFlow.SystemTests.Accuracy.Streets;

/// <summary>Many films' scores in one.</summary>
internal sealed class StreetTally
{
    private readonly List<StreetScore> _scores = [];

    public int Films => _scores.Count;
    public int Right => _scores.Sum(s => s.Right);
    public int Missed => _scores.Sum(s => s.Missed.Count);
    public int Extra => _scores.Sum(s => s.Extra.Count);
    public double Precision => Share(Right, Right + Extra);
    public double Recall => Share(Right, Right + Missed);
    public int Classed => _scores.Sum(s => s.Classed.Count());
    public double ClassRightPercent => 100 * Share(_scores.Sum(s => s.Classed.Count(c => c.Counted.Class == c.True.Class)), Classed);

    /// <summary>Counted less true, km/h, of those that were measured.</summary>
    public IEnumerable<double> SpeedErrorsKmh => _scores.SelectMany(s => s.Matched).Where(m => m.Counted.SpeedKmh is not null).Select(m => m.Counted.SpeedKmh!.Value - m.True.SpeedKmh);

    public void Add(StreetScore score) => _scores.Add(score);

    private static double Share(int part, int whole) => whole == 0 ? double.NaN : (double)part / whole;
}

namespace TrafficFlow.Core.Proposal;

/// <summary>Tries lines across many places of many paths and takes the one with the highest score.</summary>
internal static class SectionSearch
{
    private const int MostPlaces = 3000;
    private const int Refinements = 2;

    /// <param name="along">Paths on which the line may lie.</param>
    /// <param name="section">What a line at a place is worth.</param>
    /// <param name="isAllowed">Whether a section may be taken at all.</param>
    public static CrossSection? Best(IEnumerable<MotionPath> along, Func<SectionLine, CrossSection?> section, Func<CrossSection, bool> isAllowed)
    {
        var places = along.SelectMany(p => Enumerable.Range(1, p.Points.Count - 1).Select(i => (Path: p, Point: i))).ToList();
        var step = Math.Max(1, (int)Math.Ceiling((double)places.Count / MostPlaces));
        CrossSection? best = null;
        for (var i = step / 2; i < places.Count; i += step) Try(places[i].Path.LineBefore(places[i].Point), 0);
        for (var i = 0; best is not null && i < Refinements; i++) Try(Squared(best), best.Score);
        return best;

        void Try(SectionLine line, double least)
        {
            if (section(line) is { } found && found.Score > least && (best is null || found.Score > best.Score) && isAllowed(found)) best = found;
        }
    }

    /// <summary>The same place with the line across the mean direction of all that pass.</summary>
    private static SectionLine Squared(CrossSection section)
    {
        var (x, y) = (section.Through.Sum(m => m.Direction.X), section.Through.Sum(m => m.Direction.Y));
        var length = Math.Sqrt((x * x) + (y * y));
        var middle = section.Line.PointAt((section.From + section.To) / 2);
        return length > 0 ? new SectionLine(middle.X, middle.Y, x / length, y / length) : section.Line;
    }
}

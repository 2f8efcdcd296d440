namespace TrafficFlow.Simulation;

/// <summary>Which connectors come too close for vehicles to use them at the same time.</summary>
internal static class Conflicts
{
    private const double ClearMetres = 3.6;

    private static readonly bool[,] s_conflicts = Measure();

    /// <summary>True where a connector that conflicts with the path's own is occupied.</summary>
    public static bool With(LanePath path, bool[] occupied)
    {
        var own = (path.Arm * 3) + (int)path.Turn;
        for (var other = 0; other < occupied.Length; other++)
        {
            if (occupied[other] && s_conflicts[own, other]) return true;
        }

        return false;
    }

    public static bool Between(LanePath one, LanePath other) => s_conflicts[(one.Arm * 3) + (int)one.Turn, (other.Arm * 3) + (int)other.Turn];

    private static bool[,] Measure()
    {
        var conflicts = new bool[12, 12];
        for (var i = 0; i < 12; i++)
        {
            for (var j = 0; j < 12; j++) conflicts[i, j] = LanePath.All[i].Arm != LanePath.All[j].Arm && ComeClose(LanePath.All[i], LanePath.All[j]);
        }

        return conflicts;
    }

    private static bool ComeClose(LanePath one, LanePath other)
    {
        for (var s = 0.0; s <= one.ConnectorLength; s += 0.5)
        {
            var p = one.At(s, 0);
            for (var t = 0.0; t <= other.ConnectorLength; t += 0.5)
            {
                var q = other.At(t, 0);
                if (Math.Pow(p.X - q.X, 2) + Math.Pow(p.Y - q.Y, 2) < ClearMetres * ClearMetres) return true;
            }
        }

        return false;
    }
}

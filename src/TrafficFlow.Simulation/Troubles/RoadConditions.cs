namespace TrafficFlow.Simulation.Troubles;

/// <summary>What everybody drives by now, of what they wish for on a dry day.</summary>
internal readonly record struct RoadConditions(double Speed, double Headway, double Acceleration)
{
    public static readonly RoadConditions Dry = new(1, 1, 1);

    public static RoadConditions At(IReadOnlyList<WeatherSpell> spells, double seconds)
    {
        var now = Dry;
        foreach (var spell in spells)
        {
            if (!spell.Span.Contains(seconds)) continue;
            var edge = Math.Min(seconds - spell.Span.FromSeconds, spell.Span.ToSeconds - seconds);
            var share = spell.RampSeconds > 0 ? Math.Min(1, edge / spell.RampSeconds) : 1;
            now = new(now.Speed * Part(spell.Speed, share), now.Headway * Part(spell.Headway, share), now.Acceleration * Part(spell.Acceleration, share));
        }

        return now;
    }

    private static double Part(double factor, double share) => 1 + ((factor - 1) * share);
}

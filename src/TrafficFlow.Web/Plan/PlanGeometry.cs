using System.Globalization;

namespace TrafficFlow.Web.Plan;

/// <summary>A place on the plan, metres: x east, y north.</summary>
public readonly record struct PlanPoint(double X, double Y)
{
    public static PlanPoint operator +(PlanPoint a, PlanPoint b) => new(a.X + b.X, a.Y + b.Y);

    public static PlanPoint operator -(PlanPoint a, PlanPoint b) => new(a.X - b.X, a.Y - b.Y);

    public static PlanPoint operator *(PlanPoint a, double by) => new(a.X * by, a.Y * by);

    public double Length => Math.Sqrt((X * X) + (Y * Y));

    /// <summary>Of length 1; east for a point without a direction.</summary>
    public PlanPoint Unit => Length > 1e-9 ? this * (1 / Length) : new PlanPoint(1, 0);

    public static PlanPoint Mean(IReadOnlyCollection<PlanPoint> points) => points.Aggregate((a, b) => a + b) * (1.0 / points.Count);

    /// <summary>As a drawing has it: y down.</summary>
    public string Svg => string.Create(CultureInfo.InvariantCulture, $"{X:0.##} {-Y:0.##}");
}

/// <summary>A name on the plan.</summary>
/// <param name="At">Middle of its first line's height.</param>
/// <param name="Lines">From above.</param>
/// <param name="Side">At which it stands: left and right where it begins or ends there, else middle.</param>
public sealed record PlanName(PlanPoint At, IReadOnlyList<string> Lines, string Side)
{
    /// <summary>Metres.</summary>
    public const double LineHeight = 3.8;
}

/// <summary>A gate on the plan.</summary>
public sealed record PlanGate(string Name, PlanPoint From, PlanPoint To, bool Enters, bool Exits);

/// <summary>An arm of the junction.</summary>
/// <param name="Entry">Where vehicles come in, at the entering gate; null where the arm has none.</param>
/// <param name="Exit">Where they leave; null where the arm has no exiting gate.</param>
/// <param name="Outward">Of length 1, away from the middle.</param>
public sealed record PlanArm(string Id, string Name, PlanPoint? Entry, PlanPoint? Exit, PlanPoint Outward)
{
    public PlanPoint Middle => Entry is { } e && Exit is { } x ? (e + x) * 0.5 : Entry ?? Exit ?? default;
}

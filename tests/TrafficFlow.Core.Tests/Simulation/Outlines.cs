using TrafficFlow.Simulation;

namespace TrafficFlow.Core.Tests.Simulation;

/// <summary>Do two vehicles' outlines on the ground overlap? By the separating axis rule.</summary>
internal static class Outlines
{
    public static bool Touch(VehicleView one, VehicleView other)
    {
        var apart = Math.Pow(one.Centre.X - other.Centre.X, 2) + Math.Pow(one.Centre.Y - other.Centre.Y, 2);
        if (apart > Math.Pow((one.Length + other.Length) / 2 + 2, 2)) return false;
        return Overlap(one, other, one.HeadingRadians) && Overlap(one, other, one.HeadingRadians + (Math.PI / 2))
            && Overlap(one, other, other.HeadingRadians) && Overlap(one, other, other.HeadingRadians + (Math.PI / 2));
    }

    private static bool Overlap(VehicleView one, VehicleView other, double axis)
    {
        var (dx, dy) = (Math.Cos(axis), Math.Sin(axis));
        var distance = Math.Abs(((other.Centre.X - one.Centre.X) * dx) + ((other.Centre.Y - one.Centre.Y) * dy));
        return distance < Reach(one, axis) + Reach(other, axis);
    }

    private static double Reach(VehicleView v, double axis) =>
        (v.Length / 2 * Math.Abs(Math.Cos(axis - v.HeadingRadians))) + (v.Width / 2 * Math.Abs(Math.Sin(axis - v.HeadingRadians)));
}

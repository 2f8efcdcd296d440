using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Tracking;

/// <summary>A detection's box as a measurement of where a vehicle stands: its sides, and which of them tell anything.</summary>
/// <param name="Time">Seconds since the pipeline's origin.</param>
/// <param name="Sides">Bit i is set where <see cref="BoxSide"/> i is the vehicle's own: not the picture's border, not hidden.</param>
/// <param name="Doubt">Factor on the standard deviation of its sides, 1 for a sure detection.</param>
internal readonly record struct ObservedBox(double Time, Box Box, byte Sides, float Doubt)
{
    // A detector that rounds to whole pixels, or to cells of its own grid, may stay short of the border by so much.
    private const float Border = 2;

    public static ObservedBox Of(double time, in Box box, bool sure, GroundView view)
    {
        var sides = 0;
        if (box.X > Border) sides |= 1 << (int)BoxSide.Left;
        if (box.Y > Border) sides |= 1 << (int)BoxSide.Top;
        if (box.Right < view.Width - Border) sides |= 1 << (int)BoxSide.Right;
        if (box.Bottom < view.Height - Border) sides |= 1 << (int)BoxSide.Bottom;
        return new ObservedBox(time, view.Correct(box), (byte)sides, sure ? 1 : 2.5f);
    }

    /// <summary>At least one side across and one upwards.</summary>
    public bool HasPlace => (Sides & 0b0101) != 0 && (Sides & 0b1010) != 0;

    public bool IsSeen(BoxSide side) => (Sides >> (int)side & 1) != 0;

    public double At(BoxSide side) => side switch
    {
        BoxSide.Left => Box.X,
        BoxSide.Top => Box.Y,
        BoxSide.Right => Box.Right,
        _ => Box.Bottom,
    };

    /// <summary>Pixels.</summary>
    public double Deviation(BoxSide side, GroundMotionSettings settings)
    {
        var extent = side is BoxSide.Left or BoxSide.Right ? Box.Width : Box.Height;
        return Doubt * Math.Sqrt((settings.SidePixels * settings.SidePixels) + (settings.SideShare * settings.SideShare * extent * extent));
    }
}

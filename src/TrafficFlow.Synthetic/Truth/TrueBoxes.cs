using System.Numerics;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Synthetic.Truth;

/// <summary>Where a simulated vehicle really is in a camera's picture: what a detector is measured against.</summary>
public static class TrueBoxes
{
    /// <summary>The box around the vehicle in pixels, clipped to the picture; null when it is outside. Occlusion is not considered.</summary>
    public static Box? Of(ViewCamera camera, in VehicleView v, int width, int height)
    {
        var (cos, sin) = ((float)Math.Cos(v.HeadingRadians), (float)Math.Sin(v.HeadingRadians));
        var (left, top, right, bottom) = (float.MaxValue, float.MaxValue, float.MinValue, float.MinValue);
        for (var i = 0; i < 8; i++)
        {
            var along = (float)v.Length / 2 * ((i & 1) == 0 ? 1 : -1);
            // Roofs are narrower than sills, so the upper corners of the block around a vehicle are empty.
            var isUp = (i & 4) != 0;
            var across = (float)v.Width / 2 * ((i & 2) == 0 ? 1 : -1) * (isUp ? 0.85f : 1);
            var place = new Vector3(
                (float)v.Centre.X + (cos * along * (isUp ? 0.9f : 1)) - (sin * across),
                (float)v.Centre.Y + (sin * along * (isUp ? 0.9f : 1)) + (cos * across),
                isUp ? (float)v.Height : 0.05f);
            if (camera.DepthOf(place) < 1) return null;
            var p = camera.Project(place);
            var (x, y) = ((float)p.X * width, (float)p.Y * height);
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        }

        var box = Box.FromCorners(left, top, right, bottom).ClipTo(width, height);
        return box.Area > 0 ? box : null;
    }
}

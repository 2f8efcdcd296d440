using System.Numerics;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic.Scenery;

namespace TrafficFlow.Synthetic.Views;

/// <summary>How much of a vehicle a camera sees, past scenery and other vehicles.</summary>
public static class Sightlines
{
    private static readonly float[] s_along = [-0.46f, -0.2f, 0.2f, 0.46f];
    private static readonly float[] s_across = [-0.42f, 0.42f];
    private static readonly float[] s_up = [0.15f, 0.5f, 0.85f];

    /// <summary>Share of the vehicle's body that lies in the picture and that nothing else hides, 0..1.</summary>
    public static double SeenShare(ViewCamera camera, in VehicleView v, IReadOnlyList<VehicleView> others)
    {
        var (seen, all) = (0, 0);
        var ahead = new Vector3((float)Math.Cos(v.HeadingRadians), (float)Math.Sin(v.HeadingRadians), 0);
        var left = new Vector3(-ahead.Y, ahead.X, 0);
        var middle = new Vector3((float)v.Centre.X, (float)v.Centre.Y, 0);
        foreach (var along in s_along)
        {
            foreach (var across in s_across)
            {
                foreach (var up in s_up)
                {
                    all++;
                    var place = middle + (ahead * (along * (float)v.Length)) + (left * (across * (float)v.Width)) + (Vector3.UnitZ * (up * (float)v.Height));
                    if (camera.DepthOf(place) > 1 && camera.Project(place).IsInside && !IsHidden(camera.Position, place, v.Id, others)) seen++;
                }
            }
        }

        return (double)seen / all;
    }

    private static bool IsHidden(Vector3 eye, Vector3 place, long id, IReadOnlyList<VehicleView> others)
    {
        var ray = place - eye;
        if (SceneTracer.Trace(eye, ray, out var hit) && hit.Distance < 0.985f) return true;
        for (var i = 0; i < others.Count; i++)
        {
            if (others[i].Id != id && Passes(others[i], eye, ray)) return true;
        }

        return false;
    }

    /// <summary>Whether the way to the place goes through the block around a vehicle, a little smaller than it is: roofs are narrower than sills.</summary>
    private static bool Passes(in VehicleView v, Vector3 eye, Vector3 ray)
    {
        var (cos, sin) = ((float)Math.Cos(v.HeadingRadians), (float)Math.Sin(v.HeadingRadians));
        var from = new Vector3(eye.X - (float)v.Centre.X, eye.Y - (float)v.Centre.Y, eye.Z);
        var local = new Vector3((cos * from.X) + (sin * from.Y), (cos * from.Y) - (sin * from.X), from.Z);
        var inverse = Vector3.One / new Vector3((cos * ray.X) + (sin * ray.Y), (cos * ray.Y) - (sin * ray.X), ray.Z);
        var half = new Vector3((float)v.Length * 0.46f, (float)v.Width * 0.45f, 0);
        var low = (new Vector3(-half.X, -half.Y, 0.15f) - local) * inverse;
        var high = (new Vector3(half.X, half.Y, (float)v.Height * 0.93f) - local) * inverse;
        var (near, far) = (Vector3.Min(low, high), Vector3.Max(low, high));
        var enter = MathF.Max(near.X, MathF.Max(near.Y, near.Z));
        var leave = MathF.Min(far.X, MathF.Min(far.Y, far.Z));
        return enter < leave && leave > 0 && enter < 0.985f;
    }
}

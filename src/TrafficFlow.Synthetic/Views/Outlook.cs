using System.Numerics;
using TrafficFlow.Synthetic.Scenery;

namespace TrafficFlow.Synthetic.Views;

/// <summary>What a camera sees of the street, as shares of its picture: judged by a coarse grid of rays.</summary>
internal readonly record struct Outlook(double Road, double Sky, double Near, double Obstructed)
{
    private const int Across = 24;
    private const int Down = 14;
    private const double FarMetres = 70;

    /// <summary>Below this a picture shows houses with a strip of road.</summary>
    private const double LeastRoad = 0.12;

    private const float NearMetres = 5;
    private const float ObstructedMetres = 13;

    public bool SeesRoad => Road >= LeastRoad;

    /// <summary>Nothing close hides the street, and the picture is not mostly sky.</summary>
    public bool IsClear => Near <= 0.015 && Obstructed <= 0.2 && Sky <= 0.3;

    public static Outlook Of(ViewCamera camera)
    {
        var (road, sky, near, obstructed) = (0, 0, 0, 0);
        for (var i = 0; i < Across * Down; i++)
        {
            var ray = camera.RayThrough(((i % Across) + 0.5f) / Across, ((i / Across) + 0.5f) / Down);
            if (!SceneTracer.Trace(camera.Position, ray, out var hit) || hit.Distance > 300)
            {
                sky++;
            }
            else if (hit.IsGround)
            {
                var place = camera.Position + (ray * hit.Distance);
                if (hit.Distance < FarMetres && RoadSurface.FromKerb(place.X, place.Y) > 0) road++;
            }
            else
            {
                if (hit.Distance < NearMetres) near++;
                if (hit.Distance < ObstructedMetres) obstructed++;
            }
        }

        const double All = Across * Down;
        return new Outlook(road / All, sky / All, near / All, obstructed / All);
    }

    /// <summary>Whether the place is within a house, a tree or a pole.</summary>
    public static bool IsInside(Vector3 place)
    {
        const float Room = 0.4f;
        return StreetObjects.Blocks.Any(b => Within(place, b.Low - new Vector3(Room), b.High + new Vector3(Room)))
            || StreetObjects.Crowns.Any(c => Vector3.Distance(place, c.Middle) < c.Reach + Room)
            || StreetObjects.Poles.Any(p => place.Z < p.High + Room && Vector2.Distance(new(place.X, place.Y), new(p.X, p.Y)) < p.Radius + Room);

        static bool Within(Vector3 p, Vector3 low, Vector3 high) =>
            p.X > low.X && p.Y > low.Y && p.Z > low.Z && p.X < high.X && p.Y < high.Y && p.Z < high.Z;
    }
}

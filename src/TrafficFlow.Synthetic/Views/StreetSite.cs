using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Synthetic.Views;

/// <summary>A street view as a site of one camera, calibrated by points on its road.</summary>
public static class StreetSite
{
    public const string Camera = "view";

    /// <param name="source">As the camera's source is to stand there.</param>
    public static Site Of(StreetView view, string source, FrameFormat frame)
    {
        var ground = Survey(view.Camera);
        var camera = new CameraSetup(new CameraId(Camera), source, frame, "default", [], [.. view.Gates.Select(g => g.Gate)], ground)
        {
            Lens = view.Camera.Lens,
            Plane = ground.Count < GroundPlaneFit.MinPoints ? null : GroundPlaneFit.Fit(ground, view.Camera.Aspect, view.Camera.Lens ?? new LensDistortion(0, 0, view.Camera.Aspect)).Plane,
        };
        var approaches = view.Gates.Select(g => g.Approach).Distinct().Select(a => new Approach(a, a.Value)).ToList();
        var text = $"{source} {frame} {string.Join(' ', camera.Gates)} {camera.Plane?.Version}";
        return new Site(
            new SiteId("street"), "", TimeZoneInfo.Utc, approaches, [camera], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]);
    }

    /// <summary>Points on the carriageways, spread over what the camera sees of them near by; exact but for their digits.</summary>
    private static IReadOnlyList<GroundReference> Survey(ViewCamera camera)
    {
        const double FarMetres = 60;
        var points = new List<GroundReference>();
        for (var x = -54; x <= 54; x += 6)
        {
            for (var y = -54; y <= 54; y += 6)
            {
                var place = new Vector3(x, y, 0);
                if (Scenery.RoadSurface.FromKerb(x, y) < 0 || camera.DepthOf(place) < 2 || Vector3.Distance(place, camera.Position) > FarMetres) continue;
                var p = camera.Project(place);
                if (!p.IsInside) continue;
                points.Add(new GroundReference(new(Math.Round(p.X, 6), Math.Round(p.Y, 6)), x, y));
            }
        }

        // A dozen are enough, spread over the picture: each next one lies farthest from those that are chosen.
        var chosen = new List<GroundReference>();
        while (chosen.Count < 12 && chosen.Count < points.Count)
            chosen.Add(points.Except(chosen).MaxBy(p => chosen.Select(c => Apart(c, p)).DefaultIfEmpty(p.Image.Y).Min())!);
        return chosen;
    }

    private static double Apart(GroundReference a, GroundReference b) =>
        Math.Pow(a.Image.X - b.Image.X, 2) + Math.Pow(a.Image.Y - b.Image.Y, 2);
}

using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Truth;
using Xunit;

namespace TrafficFlow.SystemTests.Synthetic;

public class SyntheticJunctionTests
{
    [Fact]
    public void The_site_file_holds_the_projected_gates()
    {
        var file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "sites", "demo.conf"));
        Assert.Equal(SyntheticSiteFile.Write(SyntheticJunction.Site), file);
    }

    [Fact]
    public void All_gates_and_ground_points_lie_inside_the_pictures()
    {
        foreach (var camera in SyntheticJunction.Site.Cameras)
        {
            Assert.All(camera.Gates, g => Assert.True(g.From.IsInside && g.To.IsInside, $"{camera.Id} {g}"));
            Assert.All(camera.Ground, p => Assert.True(p.Image.IsInside, $"{camera.Id} {p}"));
            Assert.True(camera.Ground.Count >= 4);
        }
    }

    [Fact]
    public void The_file_and_the_site_have_the_same_calibration()
    {
        var read = SiteSettings.Load(Path.Combine(AppContext.BaseDirectory, "hocon", "sites", "demo.conf")).Site;
        Assert.Equal(SyntheticJunction.Site.Cameras.Select(c => c.Plane!.Version), read.Cameras.Select(c => c.Plane!.Version));
        Assert.All(read.Cameras, c => Assert.InRange(c.Plane!.ErrorMetres, 0.0005, 0.05));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_vehicle_passes_the_entry_and_then_the_gate_of_its_exit(int arm)
    {
        var setup = SyntheticJunction.Site.Cameras[arm];
        var approach = JunctionLayout.Approaches[arm];
        var camera = JunctionCameras.Of(arm, 16.0 / 9);
        var simulation = new JunctionSimulation(JunctionSettings.Default with { Seed = 20 + arm });
        var last = new Dictionary<long, (double X, double Y)>();
        var entered = new HashSet<long>();
        var left = new Dictionary<long, ApproachId>();
        while (simulation.Now < TimeSpan.FromMinutes(20))
        {
            simulation.Advance();
            simulation.Advance();
            foreach (var vehicle in simulation.Vehicles)
            {
                if (TrueBoxes.Of(camera, vehicle, 640, 360) is not { } box) continue;
                var now = (X: box.CenterX / 640.0, Y: box.Bottom / 360.0);
                if (last.TryGetValue(vehicle.Id, out var before)) Note(vehicle.Id, before, now);
                last[vehicle.Id] = now;
            }
        }

        var journeys = simulation.Truth.Journeys.Where(j => j.Approach == approach && j.EnteredAt > TimeSpan.FromSeconds(2)).ToList();
        Assert.True(journeys.Count > 60);
        Assert.All(journeys, j => Assert.True(entered.Contains(j.Vehicle), $"{j} did not pass the entry"));
        Assert.All(journeys, j => Assert.True(left.GetValueOrDefault(j.Vehicle) == j.Exit, $"{j} was seen to leave by {left.GetValueOrDefault(j.Vehicle)}"));
        var strangers = simulation.Truth.Entries.Where(e => e.Approach != approach).Select(e => e.Vehicle).ToHashSet();
        Assert.DoesNotContain(entered, strangers.Contains);

        void Note(long id, (double X, double Y) before, (double X, double Y) now)
        {
            foreach (var gate in setup.Gates)
            {
                if (!CrossesForward(gate, before, now)) continue;
                if (gate.Forward!.Role == GateRole.Enters) entered.Add(id);
                else if (entered.Contains(id)) left.TryAdd(id, gate.Forward.Approach);
            }
        }
    }

    private static bool CrossesForward(Gate gate, (double X, double Y) p, (double X, double Y) q)
    {
        var (a, b) = ((X: gate.From.X * 16, Y: gate.From.Y * 9), (X: gate.To.X * 16, Y: gate.To.Y * 9));
        var (s, t) = ((X: p.X * 16, Y: p.Y * 9), (X: q.X * 16, Y: q.Y * 9));
        return Side(a, b, s) < 0 && Side(a, b, t) >= 0 && Side(s, t, a) * Side(s, t, b) <= 0;

        static double Side((double X, double Y) from, (double X, double Y) to, (double X, double Y) at) =>
            ((to.X - from.X) * (at.Y - from.Y)) - ((to.Y - from.Y) * (at.X - from.X));
    }
}

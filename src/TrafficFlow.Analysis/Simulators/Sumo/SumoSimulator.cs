using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Analysis.Simulators.Sumo;

/// <summary>One run of a simulator.</summary>
/// <param name="Demand">From second 0 on.</param>
/// <param name="FreeFlowKmh">Against which the delay of what is seen is measured: that of the journeys it is compared with.</param>
/// <param name="Seed">Of the arrivals and of the drivers.</param>
public sealed record SimulatorRun(JunctionModel Junction, SignalSteps Plan, IReadOnlyList<DemandSlice> Demand, DriverModel Drivers, int Seed)
{
    public double FreeFlowKmh { get; init; } = 40;

    /// <summary>After the last demand the simulation goes on for so long, so that the last ones can leave.</summary>
    public double DrainSeconds { get; init; } = 900;
}

/// <summary>
/// Runs SUMO (Debian's package sumo, 1.15) as a child process on files in a folder of its own, which is removed afterwards. Several runs may go on at once. Equal runs give
/// equal journeys.
/// </summary>
/// <param name="sumo">By its name in PATH, or its path.</param>
/// <param name="longest">A run that takes longer is ended; null for ten minutes.</param>
/// <param name="temporary">Where its folders lie for a while; null for the system's folder of such files.</param>
public sealed class SumoSimulator(string sumo = "sumo", string netconvert = "netconvert", TimeSpan? longest = null, string? temporary = null)
{
    private const int MostSaid = 4_000;

    private static readonly TimeSpan s_dies = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _longest = longest ?? TimeSpan.FromMinutes(10);

    /// <summary>Why nothing can be simulated on this machine, with what to do; null where it can.</summary>
    public string? Missing =>
        new[] { sumo, netconvert }.FirstOrDefault(p => !File.Exists(ProgramPath.Of(p))) is { } absent
            ? $"there is no {absent} on this machine, which checks proposals by simulation: apt-get install sumo"
            : null;

    /// <exception cref="SimulatorException">SUMO is missing, refused something, or did not end in time.</exception>
    public async Task<ImmutableArray<SimulatedJourney>> RunAsync(SimulatorRun run, CancellationToken cancellation)
    {
        if (Missing is { } missing) throw new SimulatorException(missing);
        var network = new SumoNetwork(run.Junction);
        var vehicles = ArrivingTraffic.Of(run.Demand, run.Seed);
        if (vehicles.FirstOrDefault(v => !run.Junction.Turns.Contains(v.Turn)) is { } lost) throw new SimulatorException($"there is demand {lost.Turn}, for which the junction has no lane");
        var end = Math.Ceiling(run.Demand.Select(d => d.ToSeconds).DefaultIfEmpty(0).Max() + run.DrainSeconds);
        var folder = temporary is null ? Directory.CreateTempSubdirectory("trafficflow-sumo-") : Directory.CreateDirectory(Path.Combine(temporary, $"trafficflow-sumo-{Guid.NewGuid():N}"));
        try
        {
            await WriteAsync(folder, "junction.nod.xml", network.NodesXml(), cancellation).ConfigureAwait(false);
            await WriteAsync(folder, "junction.edg.xml", network.EdgesXml(), cancellation).ConfigureAwait(false);
            await WriteAsync(folder, "junction.con.xml", network.ConnectionsXml(), cancellation).ConfigureAwait(false);
            await WriteAsync(folder, "junction.tll.xml", network.ProgramXml(run.Plan, "0", isOfNetwork: true), cancellation).ConfigureAwait(false);
            await WriteAsync(folder, "traffic.rou.xml", SumoTraffic.Xml(network, run.Drivers, vehicles), cancellation).ConfigureAwait(false);
            string[] sides = run.Junction.DrivesOnLeft ? ["--lefthand", "true"] : [];
            await StartAsync(
                netconvert,
                [
                    "--node-files", "junction.nod.xml", "--edge-files", "junction.edg.xml", "--connection-files", "junction.con.xml", "--tllogic-files", "junction.tll.xml",
                    "--no-turnarounds", "true", "--output-file", "junction.net.xml", .. sides,
                ],
                folder,
                cancellation).ConfigureAwait(false);
            await StartAsync(
                sumo,
                [
                    "--net-file", "junction.net.xml", "--route-files", "traffic.rou.xml", "--seed", run.Seed.ToString(CultureInfo.InvariantCulture), "--step-length", "0.5",
                    "--begin", "0", "--end", end.ToString(CultureInfo.InvariantCulture), "--time-to-teleport", "-1", "--no-step-log", "true", "--xml-validation", "never",
                    "--tripinfo-output", "trips.xml", "--tripinfo-output.write-unfinished", "true", "--device.emissions.probability", "1",
                    "--vehroute-output", "ways.xml", "--vehroute-output.exit-times", "true", "--precision", "3",
                ],
                folder,
                cancellation).ConfigureAwait(false);
            return SumoResults.Read(network, vehicles, Path.Combine(folder.FullName, "trips.xml"), Path.Combine(folder.FullName, "ways.xml"), run.FreeFlowKmh, end);
        }
        finally
        {
            Remove(folder);
        }
    }

    /// <summary>What cannot be removed must not hide why nothing was simulated.</summary>
    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder of temporary files, which the system clears.
        }
    }

    /// <summary>Its name with its version, as it says itself.</summary>
    /// <exception cref="SimulatorException">SUMO is missing or refuses to say it.</exception>
    public async Task<string> VersionAsync(CancellationToken cancellation)
    {
        if (Missing is { } missing) throw new SimulatorException(missing);
        var said = await StartAsync(sumo, ["--version"], new DirectoryInfo(Path.GetTempPath()), cancellation).ConfigureAwait(false);
        var line = said.Split('\n')[0].Trim();
        return line.Length is > 0 and < 100 ? line.Replace("Eclipse SUMO sumo Version", "SUMO", StringComparison.Ordinal) : "SUMO";
    }

    private static Task WriteAsync(DirectoryInfo folder, string name, string text, CancellationToken cancellation) =>
        File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text, cancellation);

    private async Task<string> StartAsync(string program, string[] arguments, DirectoryInfo folder, CancellationToken cancellation)
    {
        using var limited = new CancellationTokenSource(_longest);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limited.Token);
        string[] command = [ProgramPath.Of(program), .. arguments];
        // Counting comes first; and should this process die, its child ends by itself. The limit is of util-linux, which every Debian has.
        if (ProgramPath.Of("nice") is var nice && File.Exists(nice)) command = [nice, "-n", "10", .. command];
        if (ProgramPath.Of("prlimit") is var limit && File.Exists(limit)) command = [limit, $"--cpu={Math.Ceiling(_longest.TotalSeconds):0}", "--core=0", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = folder.FullName,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var child = Process.Start(start) ?? throw new SimulatorException($"{program} did not start");
        try
        {
            child.StandardInput.Close();
            // Both at once: whoever waits for one pipe while the other is full waits for ever.
            var (errors, output) = (ReadAsync(child.StandardError, end.Token), ReadAsync(child.StandardOutput, end.Token));
            await Task.WhenAll(errors, output).ConfigureAwait(false);
            await child.WaitForExitAsync(end.Token).ConfigureAwait(false);
            if (child.ExitCode != 0) throw new SimulatorException($"{program} refused the junction (exit code {child.ExitCode}): {(await errors.ConfigureAwait(false)).ReplaceLineEndings(" ").Trim()}");
            return await output.ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new SimulatorException($"{program} did not end within {_longest.TotalMinutes:0.#} minutes: simulate fewer hours at once, or on a machine with less to do", e);
        }
        finally
        {
            try
            {
                if (!child.HasExited)
                {
                    child.Kill(entireProcessTree: true);
                    // As long as it lives it writes into its folder.
                    using var patience = new CancellationTokenSource(s_dies);
                    await child.WaitForExitAsync(patience.Token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception or OperationCanceledException)
            {
                // It ended by itself meanwhile, or the system is in no hurry.
            }
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellation)
    {
        var (text, buffer) = (new StringBuilder(), new char[1024]);
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (text.Length < MostSaid) text.Append(buffer, 0, read);
        }

        return text.ToString();
    }
}

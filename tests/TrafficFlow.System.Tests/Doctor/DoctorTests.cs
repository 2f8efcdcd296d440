using System.IO.Compression;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using Xunit;

namespace TrafficFlow.SystemTests.Doctor;

[Collection(ProcessesCollection.Name)]
public sealed class DoctorTests
{
    private const string Password = "s3cr3t-p4ss";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task One_file_tells_versions_settings_health_and_tables_and_neither_picture_nor_password()
    {
        var site = NodeFolder.Live.Replace("cameras {", $$"""
            cameras {
              cam2 {
                source = "rtsp://viewer:{{Password}}@127.0.0.1:9/stream"
                frame { width = 320, height = 180, fps = 5 }
                detector = motion
                gates { away { from = [0.2, 0.4], to = [0.5, 0.4] } }
              }
            """, StringComparison.Ordinal);
        using var node = new NodeFolder(site);
        var running = Path.Combine(node.Path, "running.zip");
        var stopped = Path.Combine(node.Path, "stopped.zip");
        await using (var process = node.Run())
        {
            await process.UntilAsync(() => node.Events("batch-counted") > 0, Patience, "something was counted");
            await File.WriteAllTextAsync(Path.Combine(node.Data, "node.log"), $"12:00 WRN cannot open rtsp://viewer:{Password}@127.0.0.1:9/stream\n", TestContext.Current.CancellationToken);
            var asked = await TrafficflowProcess.RunAsync("doctor", "--config", node.Config, "--out", running);
            Assert.True(asked.Code == ExitCodes.Done, asked.Error);
            process.Terminate();
            await process.WaitAsync(Patience);
        }

        var parts = Read(running);
        Assert.Contains("\"version\":", parts["version.json"]);
        Assert.Contains("processors:", parts["machine.txt"]);
        Assert.Contains("trafficflow.site.cameras.cam2.source = rtsp://***@127.0.0.1:9/stream", parts["settings.txt"]);
        Assert.Contains("outbox-journal", parts["health.json"]);
        Assert.Contains("cam1", parts["ctl/camera-list.json"]);
        Assert.Contains("journal:", parts["tables.txt"]);
        Assert.Contains("outbox.db", parts["files.txt"]);
        Assert.Contains("rtsp://***@", parts["logs/node.log"]);
        Assert.All(parts, p => Assert.DoesNotContain(Password, p.Value));
        Assert.All(parts.Keys, name => Assert.Contains(Path.GetExtension(name), new[] { ".txt", ".json", ".log" }));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(running));

        var without = await TrafficflowProcess.RunAsync("doctor", "--config", node.Config, "--out", stopped);
        Assert.Equal(ExitCodes.Done, without.Code);
        Assert.Contains("Not collected: health.json, ctl: there is no node in", without.Error);
        Assert.Contains("journal:", Read(stopped)["tables.txt"]);
        Assert.Equal(ExitCodes.BadUsage, (await TrafficflowProcess.RunAsync("doctor", "--config", node.Config, "--out", stopped)).Code);
    }

    private static Dictionary<string, string> Read(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return zip.Entries.ToDictionary(e => e.FullName, e =>
        {
            using var reader = new StreamReader(e.Open());
            return reader.ReadToEnd();
        });
    }
}

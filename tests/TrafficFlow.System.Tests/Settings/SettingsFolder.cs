namespace TrafficFlow.SystemTests.Settings;

/// <summary>A folder of settings files that lives as long as a test.</summary>
internal sealed class SettingsFolder : IDisposable
{
    public const string GoodSite = """
        # nothing
        trafficflow.site {
          id = a
          name = Crossing
          time-zone = "Asia/Tokyo"
          approaches {
            north { name = "Road 北" }
            south {}
          }
          cameras {
            cam1 {
              source = "rtsp://root:secret@cam1.example/axis-media/media.amp"
              frame { width = 640, height = 360, fps = 12.5 }
              detector = default
              masks = [ [[0, 0], [1, 0], [1, 0.2], [0, 0.2]] ]
              gates {
                n-in { from = [0.10, 0.60], to = [0.45, 0.60], forward = { enters = north } }
                s_out { from = [0.55, 0.90], to = [0.95, 0.90], backward = { exits = south } }
              }
              ground = [
                { image = [0.2, 0.8], metres = [388123.5, -3.25] }
                { image = [0.8, 0.8], metres = [388133.5, -3.25] }
                { image = [0.7, 0.3], metres = [388133.5, 26.75] }
                { image = [0.3, 0.3], metres = [388123.5, 26.75] }
              ]
            }
          }
        }

        """;

    public SettingsFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"trafficflow settings {Guid.NewGuid():N}");

    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Why;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Why;

public sealed class CountedEvidenceTests : IDisposable
{
    private static readonly CameraId s_camera = new("cam1");
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void Lines_are_in_the_file_while_later_ones_are_made_and_are_found_there()
    {
        var onTheWay = new List<long>();
        using (var stream = File.Create(Path.Combine(_folder.Path, CountedEvidence.FileName)))
        {
            CountedEvidence.Write(stream, Enumerable.Range(1, 5_000).Select(row =>
            {
                onTheWay.Add(stream.Length);
                return new EvidenceDocument { Id = CountedEvidence.IdOf(s_camera, row).ToString(), Site = "a" };
            }));
        }

        Assert.InRange(onTheWay[2_500], 1, onTheWay[^1] - 1);
        Assert.Equal("cam1/1/4711", CountedEvidence.Find(_folder.Path, CountedEvidence.IdOf(s_camera, 4711)).Id);
        Assert.Contains("crossings.csv has the ids cam1/1/1 to cam1/1/5000", Assert.Throws<JobFailedException>(() => CountedEvidence.Find(_folder.Path, CountedEvidence.IdOf(s_camera, 5_001))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}

using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Frames;
using TrafficFlow.Roadside.Cameras;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>The reader of a camera between its parent and the detector, which are one probe here: in which order it tells them.</summary>
public sealed class ReaderActorTests : TestKit
{
    private readonly TestReaders _readers = new();

    public ReaderActorTests() : base(TestConfig.InMemory)
    {
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Why_a_source_ended_is_told_to_the_camera_before_its_run_can_be_finished(bool fails)
    {
        // On a busy machine detector and tracker had the end of a file through before its camera knew of it, which then waited for ever.
        var source = _readers.File().Frames(TestSites.Morning, 1);
        if (fails) source.Fail(FrameSourceFailure.Truncated, "torn");
        else source.End();
        var probe = CreateTestProbe();
        var reader = probe.ChildActorOf(ReaderActor.Props(TestSites.Camera("cam1", "test.mp4"), _readers, new CameraPolicy(), TimeProvider.System, probe));

        reader.Tell(new OpenSource(1));
        await probe.FishForMessageAsync(m => m is SourceOpened);
        await probe.ExpectMsgAsync<SourceOpened>();
        reader.Tell(new ReadFrame(1));
        (await probe.ExpectMsgAsync<FrameRead>()).Frame.Dispose();
        reader.Tell(new ReadFrame(1));

        var ended = await probe.ExpectMsgAsync<SourceEnded>();
        Assert.Equal((1, fails), (ended.Run, ended.Failure is not null));
        Assert.Equal(new EndOfRun(1, IsCutShort: false), await probe.ExpectMsgAsync<EndOfRun>());
    }
}

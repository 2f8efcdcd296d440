using TrafficFlow.Core.Frames;

namespace TrafficFlow.SystemTests.Synthetic;

/// <summary>No masks: the pixels go on as they came.</summary>
internal sealed class PassThrough : IAnonymizer
{
    public AnonymizedFrame Anonymize(CapturedFrame frame) => frame.IntoAnonymized();
}

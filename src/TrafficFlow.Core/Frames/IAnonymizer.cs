namespace TrafficFlow.Core.Frames;

/// <summary>The one way from captured to anonymized pixels.</summary>
public interface IAnonymizer
{
    /// <summary>Burns the masks in and hands the pixels on; <paramref name="frame"/> is empty afterwards.</summary>
    AnonymizedFrame Anonymize(CapturedFrame frame);
}

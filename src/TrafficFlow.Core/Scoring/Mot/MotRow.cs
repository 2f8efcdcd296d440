namespace TrafficFlow.Core.Scoring.Mot;

/// <summary>One line of a MOT file: where one object is in one picture.</summary>
/// <param name="Frame">From 1.</param>
/// <param name="Id">Of the track; -1 in files of detections.</param>
/// <param name="Confidence">In a truth file 0 means: not to be judged. In a file of detections the detector's score.</param>
/// <param name="Line">Where it stands in its file, from 1; 0 where it comes from no file.</param>
public readonly record struct MotRow(int Frame, int Id, MotBox Box, double Confidence = 1, int Line = 0);

/// <summary>An upright rectangle in pixels. Double precision: scores are compared with the reference to the last digit.</summary>
public readonly record struct MotBox(double Left, double Top, double Width, double Height)
{
    public double CentreY => Top + (Height / 2);

    /// <summary>Intersection over union, 0..1; 0 for boxes without area.</summary>
    public double Overlap(in MotBox other)
    {
        var w = Math.Min(Left + Width, other.Left + other.Width) - Math.Max(Left, other.Left);
        var h = Math.Min(Top + Height, other.Top + other.Height) - Math.Max(Top, other.Top);
        if (w <= 0 || h <= 0) return 0;
        var both = w * h;
        return both / ((Width * Height) + (other.Width * other.Height) - both);
    }
}

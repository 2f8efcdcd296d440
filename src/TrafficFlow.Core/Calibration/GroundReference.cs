using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>A surveyed point: its place in the picture (fractions) and on the ground (metres, x east and y north, any origin).</summary>
public sealed record GroundReference(PicturePoint Image, double EastMetres, double NorthMetres);

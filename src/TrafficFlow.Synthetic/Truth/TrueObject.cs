using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Synthetic.Truth;

/// <summary>A vehicle or person that is in a picture: what a detector learns from and is measured against.</summary>
/// <param name="Class">A vehicle's class as files name it, "person" or "bicycle" (with its rider).</param>
/// <param name="Id">Of the vehicle, person or cyclist in its simulation; negative for what is parked.</param>
/// <param name="Box">Around all of it that lies within the picture, seen or hidden, in pixels.</param>
/// <param name="Visible">Share of that which nothing else hides, 0..1; umbrellas and loads belong to their bearers.</param>
public readonly record struct TrueObject(string Class, long Id, Box Box, double Visible);

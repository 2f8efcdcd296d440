using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Simulation.People;

public enum PersonBuild
{
    Man,
    Woman,
    Child,
}

/// <summary>What somebody carries.</summary>
public enum Carried
{
    Nothing,
    Backpack,
    Bag,
    Suitcase,
}

/// <summary>Colours of what somebody wears.</summary>
/// <param name="IsCoat">The upper garment reaches to the knees: a coat or a dress.</param>
public readonly record struct Clothes(Paint Upper, Paint Lower, Paint Shoes, Paint Hair, Paint Skin, bool IsCoat, bool HasHat);

/// <summary>A person on foot as he or she is now.</summary>
/// <param name="Id">Unique among the people of one simulation, in order of arrival.</param>
/// <param name="Place">Between the feet, metres.</param>
/// <param name="HeadingRadians">Direction faced, from east towards north.</param>
/// <param name="Height">Metres.</param>
/// <param name="Speed">Metres per second; zero while standing.</param>
/// <param name="Stride">Part of the walking cycle of two steps that is done, 0..1.</param>
/// <param name="HasUmbrella">Opened where it rains.</param>
public readonly record struct PersonView(
    long Id,
    GroundPoint Place,
    double HeadingRadians,
    double Height,
    PersonBuild Build,
    double Speed,
    double Stride,
    Clothes Clothes,
    Carried Carried,
    bool HasUmbrella,
    Paint Umbrella);

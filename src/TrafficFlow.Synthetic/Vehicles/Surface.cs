namespace TrafficFlow.Synthetic.Vehicles;

/// <summary>What a part of a vehicle or a person is made of.</summary>
internal enum Surface : byte
{
    Paint,
    SecondPaint,
    Glass,
    Black,
    Grey,
    Rim,
    Cargo,
    Cloth,
    Plate,
    HeadLamp,
    TailLamp,
    LeftIndicator,
    RightIndicator,
    Skin,
    Hair,
    Upper,
    Lower,
    Shoe,
    Bag,
    Umbrella,
}

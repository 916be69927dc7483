"""What the oracle knows of: orders with their steps, units, records, positions of components."""

from dataclasses import dataclass, field

PCB, MULTIPANEL, ASSEMBLY = 1, 2, 3
GOOD, SCRAP, BADMARK = 0, 1, 2
ACTIVE = 1
CREATE_ITEMS, OVERRUN, FREE_ROUTE = 1, 2, 4
OPTIONAL, REPEATABLE, ANY_ORDER, REPAIR = 1, 2, 4, 8
COMPONENT, COMPONENT_OUT = 11, 12


@dataclass
class Step:
    op: int
    act: int
    flags: int = 0
    params: dict = field(default_factory=dict)


@dataclass(eq=False)
class Order:
    id: int
    item: str
    flags: int
    amount: int
    mpcount: int
    steps: dict[int, Step]
    status: int = ACTIVE

    def limits(self, count):
        """Tell whether so many are more than the order makes."""
        return bool(self.amount) and not self.flags & OVERRUN and count > self.amount


@dataclass(eq=False)
class Unit:
    id: int
    order: Order
    tp: int
    barcode: str
    panel: "Unit | None" = None
    barcode2: str = ""
    bad: int = GOOD
    by_panel: bool = False
    rt_flags: int = 0
    boards: list["Unit"] = field(default_factory=list)
    position: "ComponentPosition | None" = None

    @property
    def codes(self):
        return {self.barcode, self.barcode2} - {""}


@dataclass(frozen=True, eq=False)
class ComponentPosition:
    """Where a component is: in which unit, at which designator, by which records (the first one built it in)."""

    host: Unit
    ref: str
    by: "tuple[Record | None, ...]" = ()

    @property
    def cancelled(self):
        """Tell whether no record that named it counts any more."""
        return all(record and record.cancelled for record in self.by)


@dataclass(eq=False)
class Record:
    """An operation on ``unit`` (None: non-charged), with the units it counts for."""

    id: int
    order: Order
    step: Step
    result: int = 0
    count: int = 1
    unit: Unit | None = None
    units: tuple[Unit, ...] = ()
    removed: "dict[Unit, ComponentPosition]" = field(default_factory=dict)
    cancelled: bool = False
    undone: "dict[Unit, Record]" = field(default_factory=dict)

    def counts_for(self, unit):
        undone_by = self.undone.get(unit)
        return unit in self.units and not self.cancelled and (undone_by is None or undone_by.cancelled)
